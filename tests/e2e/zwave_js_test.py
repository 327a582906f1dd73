"""The real Z-Wave JS driver and, as the stick, its project's own mock; pizwgd and socat between them:

    driver - tty - socat - mutual TLS - pizwgd - tty - mock stick with a switch (node 2) and a dimmer (node 3)
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

    def __init__(self, programs, folder, *stick_options):
        self._programs = programs
        self._folder = folder
        self.stick = self._start_stick(stick_options)
        port = self._start_daemon()
        self._start_client(port)
        self.driver = self._start_driver()

    def _start_stick(self, options):
        stick = self._programs.start(node(), PACKAGES / "stick.js", self._folder / "stick", *options, name="stick")
        stick.wait_for('"plugged in"', timeout=30)
        return stick

    def _start_daemon(self):
        root = self._folder / "root"
        root.mkdir()
        run("pizwg", "--root", root, "setup")
        config = self._folder / "pizwg.toml"
        config.write_text('role = "standalone"\nlisten_address = "127.0.0.1"\nport = 0\n'
                          f'device = "{self._folder / "stick"}"\n')
        self.daemon = self._programs.start("pizwgd", "--root", root, "--config", config, name="pizwgd")
        return self.daemon.wait_for(r"listening .*port=(\d+)")[1]

    def _start_client(self, port):
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


@pytest.fixture
def start_chain(programs, tmp_path):
    return lambda *stick_options: Chain(programs, tmp_path, *stick_options)


def test_the_driver_interviews_two_nodes_switches_one_and_hears_the_other(start_chain):
    chain = start_chain()
    assert [e["home"] for e in chain.told(chain.driver, "driver ready")] == [HOME_ID]
    ready = {e["node"]: e["product"] for e in chain.told(chain.driver, "node ready")}
    assert ready == {SWITCH: 0x1002, DIMMER: 0x1003}
    chain.assert_switch_works()
    chain.stick.tell("report 42")  # unasked, as a dimmer does that somebody turned by hand
    chain.driver.wait_for(rf'"event":"value","node":{DIMMER},.*"property":"currentValue","value":42\b')
    chain.assert_no_trouble()
    chain.ask("quit")
    assert chain.driver.wait() == 0


def test_a_hundred_commands_in_a_row_all_succeed_in_one_session(start_chain):
    chain = start_chain()
    repeated = chain.ask(f"repeat {SWITCH} 50", timeout=60)  # each time a command to switch and one to read back
    assert (repeated["times"], repeated["wrong"]) == (50, 0)
    chain.assert_no_trouble()


def test_the_driver_goes_on_after_soft_resets_that_take_the_stick_off_the_bus(start_chain):
    chain = start_chain("--resets-off-the-bus")
    chain.ask("reset", timeout=30)
    chain.assert_switch_works()
    # The driver resets once when it starts; then we did. What the stick said on its return was heard each time.
    assert len(chain.told(chain.stick, "left the bus")) == 2
    assert len(chain.told(chain.stick, "started")) == 2
    chain.assert_one_session()
