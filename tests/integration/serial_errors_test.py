"""What the serial driver found wrong with the line is told with the rest; a pty's driver counts nothing, and nothing is told."""

import json
from pathlib import Path

import pytest

from lab.chain import Daemon
from lab.metrics import Metrics
from lab.program import run

SOURCE = Path(__file__).parents[1] / "lab/line_errors.c"
KINDS = ("framing", "parity", "overrun", "break", "buffer-overrun")


@pytest.fixture
def identity(own_identity):
    return own_identity


@pytest.fixture
def driver(tmp_path):
    """(the environment of a daemon whose driver counts, the file of its counts)"""
    library, counts = tmp_path / "line_errors.so", tmp_path / "counts"
    run("cc", "-shared", "-fPIC", "-o", library, SOURCE)
    counts.write_text("7 0 0 0 0")  # of the time before
    return {"LD_PRELOAD": str(library), "PIZWG_LINE_ERRORS": str(counts),
            "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0"}, counts


def status(identity, *arguments):
    return run("pizwg", "--root", identity.root, "status", *arguments).stdout


def test_they_are_told_since_the_port_was_opened_and_survive_the_daemon(programs, identity, gateway, driver):
    environment, counts = driver
    daemon = Daemon(programs, identity, gateway.link, environment=environment)
    metrics = Metrics(identity.root)
    metrics.wait_for(0, "pizwg_serial_errors_total", kind="framing")
    counts.write_text("9 1 2 3 4")
    with daemon.connect():
        for kind, count in zip(KINDS, (2, 1, 2, 3, 4)):
            metrics.wait_for(count, "pizwg_serial_errors_total", kind=kind)
    metrics.check()
    assert "line errors buffer-overrun 4, break 3, framing 2, overrun 2, parity 1" in status(identity)
    assert json.loads(status(identity, "--json"))["gateway"]["line_errors"]["framing"] == 2
    daemon.program.end()
    Daemon(programs, identity, gateway.link, environment=environment, name="next")
    metrics.wait_for(1, "pizwg_state", state="ready")
    assert metrics.value("pizwg_serial_errors_total", kind="framing") == 2


def test_a_driver_that_does_not_count_is_not_told_of(daemon, identity):
    metrics = Metrics(identity.root)
    metrics.wait_for(1, "pizwg_state", state="ready")
    assert "pizwg_serial_errors_total" not in metrics.text()
    assert json.loads(status(identity, "--json"))["gateway"]["line_errors"] is None
