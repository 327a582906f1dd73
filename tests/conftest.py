"""Fixtures of every scenario, and the guard: no scenario runs in the machine's own network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from lab.program import Programs  # noqa: E402


def pytest_sessionstart():
    """Refuses outside a network namespace made by tests/isolated: some scenarios flood, and some announce."""
    outer = os.environ.get("PIZWG_OUTER_NETWORK")
    if not outer or os.readlink("/proc/self/ns/net") == outer:
        pytest.exit("refused: run scenarios through tests/isolated (make test does)", returncode=2)
    links = subprocess.run(["ip", "-o", "link"], check=True, capture_output=True, text=True).stdout
    if [line for line in links.splitlines() if line.split(":")[1].strip() != "lo"]:
        pytest.exit("refused: this network namespace has more than loopback", returncode=2)


@pytest.fixture
def programs(tmp_path):
    """Starts programs whose output is kept, and ends them, whatever happens."""
    started = Programs(tmp_path)
    yield started
    started.end_all()
