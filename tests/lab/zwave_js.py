"""The real Z-Wave JS driver and, as the stick, its project's own mock; pizwgd and a client between them:

    driver - tty - socat or pizwg-connect - mutual TLS - pizwgd - tty - mock stick with a switch (node 2), a dimmer (node 3)
"""

import json
import os
import platform
import shutil
from pathlib import Path

import pytest

from lab.program import run

HOME_ID = 0xC0FFEE01
SWITCH, DIMMER = 2, 3
# What the driver counts when bytes are lost, late, changed or added.
TROUBLE = ["NAK", "CAN", "timeoutACK", "timeoutResponse", "timeoutCallback", "messagesDroppedRX", "messagesDroppedTX"]
PACKAGES = Path(os.environ.get("PIZWG_ZWAVE_JS", "build/dev/tests/zwave_js"))


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


class Chain:
    """Everything from the driver to the stick, started in the order in which each finds the next one waiting."""

    def __init__(self, programs, folder, *stick_options, client="socat"):
        """With pizwg-connect the ports 3333 and 3334 are tried in turn."""
        self._programs = programs
        self._folder = folder
        self._root = self._folder / "root"
        self._root.mkdir()
        run("pizwg", "--root", self._root, "setup")
        self.stick = self.start_stick("stick", *stick_options)
        self.daemon = self.start_daemon("pizwgd", "stick")
        if client == "socat":
            self._start_socat(3333)
        else:
            self._start_connect()
        self.driver = self._start_driver()

    def start_stick(self, name, *options):
        stick = self._programs.start(node(), PACKAGES / "stick.js", self._folder / name, *options, name=name)
        stick.wait_for('"plugged in"', timeout=30)
        return stick

    def start_daemon(self, name, stick, port=3333):
        config = self._folder / f"{name}.toml"
        config.write_text(f'role = "standalone"\nlisten_address = "127.0.0.1"\nport = {port}\n'
                          f'device = "{self._folder / stick}"\n')
        daemon = self._programs.start("pizwgd", "--root", self._root, "--config", config, name=name)
        daemon.wait_for(r"listening .*port=(\d+)")
        return daemon

    def _start_connect(self):
        self.client = self._programs.start(
            "pizwg-connect", "127.0.0.1:3333", "127.0.0.1:3334", "--tty", self._folder / "ttyUSB254",
            "--server-certificate", self._root / "etc/ser2net/ser2net.crt", "--client-pem",
            self._root / "root/pizwg-client.pem", name="pizwg-connect")
        self.daemon.wait_for("session started")

    def _start_socat(self, port):
        """The README's command, but for address and paths."""
        root = self._folder / "root"
        self.client = self._programs.start(
            "socat", "-d", "-d", "-s", "-T30",
            f"pty,link={self._folder}/ttyUSB254,raw,user=root,group=root,mode=777",
            f"openssl-connect:127.0.0.1:{port},cafile={root}/etc/ser2net/ser2net.crt,commonname=pizwg-server,"
            f"cert={root}/root/pizwg-client.pem", name="socat")
        self.client.wait_for("starting data transfer loop")
        self.daemon.wait_for("session started")

    def _start_driver(self):
        driver = self._programs.start(node(), PACKAGES / "application.js", self._folder / "ttyUSB254",
                                      self._folder / "driver", name="driver")
        # Generous: the first run on a machine also makes the index of every device that Z-Wave JS knows.
        driver.wait_for('"all nodes ready"', timeout=60)
        return driver

    def await_quiet(self):
        """Nothing is on its way that the mock would miss for ever: it never repeats what was lost."""
        before = len(self.stick.log())
        self.stick.tell("quiet")
        self.stick.wait_for('"quiet"', after=before)

    def ask(self, command, timeout=20):
        """Tells the driver a command; returns its result."""
        before = len(self.driver.log())
        self.driver.tell(command)
        name = command.split()[0]
        answer = json.loads(self.driver.wait_for(rf'^{{"answer":"{name}".*}}$', timeout, before)[0])
        assert "failed" not in answer, f"{command}: {answer}"
        print(f"{command}: {answer}")
        return answer["result"]

    def events(self, program):
        """What a program of JavaScript has told so far, as values."""
        return [json.loads(line) for line in program.log().splitlines() if line.startswith("{")]

    def told(self, program, event):
        return [e for e in self.events(program) if e.get("event") == event]

    def assert_no_trouble(self):
        """Every byte arrived once, in time and unchanged, in one session, and no other byte did."""
        counted = self.ask("statistics")
        assert counted["messagesRX"] > 0
        assert {what: counted[what] for what in TROUBLE} == dict.fromkeys(TROUBLE, 0)
        assert not self.told(self.stick, "garbage")
        log = (self._folder / "driver/driver_current.log").read_text()
        assert "SERIAL" in log  # it does show what comes in
        assert not [line for line in log.splitlines() if "[DISCARDED]" in line]
        self.assert_one_session()

    def assert_one_session(self):
        assert self.daemon.log().count("session started") == 1, self.daemon.log()
        assert "session ended" not in self.daemon.log(), self.daemon.log()
        assert self.client.process.poll() is None, self.client.log()

    def assert_switch_works(self):
        for state in ("on", "off"):
            self.ask(f"turn {SWITCH} {state}")
            assert self.ask(f"read {SWITCH}") is (state == "on")
