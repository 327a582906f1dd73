"""The real Z-Wave JS driver (tests/e2e/zwave_js/application.js) on a serial port, as an application has it."""

import json
import os
import platform
import shutil
from pathlib import Path

import pytest

from lab.program import run

SWITCH, DIMMER = 2, 3
PACKAGES = Path(os.environ.get("PIZWG_ZWAVE_JS", "build/dev/tests/zwave_js"))
# What its log says when it opens its port once more, of its own accord or because the port was closed.
OPENS_AGAIN = ("Serial port closed unexpectedly", "Re-opening serial port", "by reopening the serial port")


def node():
    """npm's copy of node; else the system's if Z-Wave JS can run on it (Debian 12's is too old)."""
    if not (PACKAGES / "node_modules/zwave-js").exists():
        pytest.fail(f'error: no zwave-js in "{PACKAGES}"\nhint: ctest -R e2e.install, with a network', pytrace=False)
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "none")
    bundled = PACKAGES / f"node_modules/node-linux-{machine}/bin/node"
    if bundled.exists():
        return bundled
    system = shutil.which("node")
    if not system or int(run(system, "--version").stdout.lstrip("v").split(".")[0]) < 20:
        pytest.fail("error: Z-Wave JS needs node 20 or later, and there is none\nhint: install nodejs", pytrace=False)
    return system


def told(program, event=None):
    """What a program of JavaScript has told so far, as values: all of it, or the events of one name."""
    lines = [json.loads(line) for line in program.log().splitlines() if line.startswith("{") and line.endswith("}")]
    return [line for line in lines if event in (None, line.get("event"))]


class Driver:
    """A process of its own, which ends when the driver gives up. `prefix`: a command that starts it."""

    def __init__(self, programs, port, folder, prefix=(), name="driver"):
        self._folder = folder
        self.program = programs.start(*prefix, node(), PACKAGES / "application.js", port, folder, name=name)
        # Generous: the first run on a machine also makes the index of every device that Z-Wave JS knows.
        self.program.wait_for('"all nodes ready"', timeout=60)

    def tell(self, command):
        self.program.tell(command)

    def ask(self, command, timeout=20):
        """Tells it a command; returns its result."""
        answer = self.attempt(command, timeout)
        assert "failed" not in answer, f"{command}: {answer}"
        return answer["result"]

    def attempt(self, command, timeout=20):
        """The same, and its whole answer, which may be that it failed."""
        before = len(self.program.log())
        self.tell(command)
        name = command.split()[0]
        answer = json.loads(self.program.wait_for(rf'^{{"answer":"{name}".*}}$', timeout, before)[0])
        print(f"{command}: {answer}")
        return answer

    def told(self, event):
        return told(self.program, event)

    def gave_up(self):
        """Whether it failed for good, and somebody has to start it anew."""
        return bool(self.told("driver failed"))

    def log(self):
        """Its own, with every frame."""
        return (self._folder / "driver_current.log").read_text(errors="replace")

    def openings(self):
        """How often it opened its port, the first time included."""
        return 1 + sum(self.log().count(words) for words in OPENS_AGAIN)

    def assert_switch_works(self):
        for state in ("on", "off"):
            self.ask(f"turn {SWITCH} {state}")
            assert self.ask(f"read {SWITCH}") is (state == "on")
