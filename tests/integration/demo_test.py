"""make demo: what a newcomer sees first, and what is left of it."""

import os
import signal
import sys
from pathlib import Path

import pytest
from lab.program import BIN
from lab.waiting import until

DEMO = Path(__file__).parents[2] / "demo/run"
BUILD = BIN.resolve().parent


def children_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def demo(programs, tmp_path):
    """A demo in a build folder of its own: another one may be running in ours."""
    (tmp_path / "bin").symlink_to(BUILD / "bin")
    program = programs.start(sys.executable, DEMO, "--build", tmp_path, name="demo",
                             env={**os.environ, "PYTHONUNBUFFERED": "1"})
    program.wait_for("Ctrl-C ends it all", timeout=60)
    return program


def folders(tmp_path):
    return list(tmp_path.glob("demo-*"))


def test_it_shows_the_answers_of_the_gateway_and_what_they_took(demo):
    for answer in (r"version +Z-Wave .* ms$", r"home id +c0ffee01 .* ms$", r"nodes +1, 2, 3, 4, 5 .* ms$"):
        demo.wait_for(answer)
    demo.wait_for(r"200 exchanges more: median \d+\.\d\d ms")


def test_no_line_is_wider_than_a_terminal_but_for_the_paths(demo):
    lines = [line for line in demo.log().splitlines() if "/" not in line]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_nothing_is_left(demo, tmp_path, number):
    started = children_of(demo.pid)
    assert len(started) == 3 and folders(tmp_path)
    demo.signal(number)
    assert demo.wait(20) == 0
    assert not [pid for pid in started if is_running(pid)]
    assert not folders(tmp_path)


def test_killed_it_leaves_no_process(demo):
    started = children_of(demo.pid)
    demo.signal(signal.SIGKILL)
    demo.wait()
    until(lambda: not [pid for pid in started if is_running(pid)], what="the demo's programs to end")


def test_a_device_that_is_not_there_is_said(programs, tmp_path):
    (tmp_path / "bin").symlink_to(BUILD / "bin")
    program = programs.start(sys.executable, DEMO, "--build", tmp_path, "--device", "/dev/ttyACM99", name="demo")
    assert program.wait(60) == 1
    program.wait_for(r'demo: error: cannot open the gateway "/dev/ttyACM99": No such file or directory')
    program.wait_for("demo: hint: make demo without DEVICE uses a simulated gateway")
    assert not folders(tmp_path)
