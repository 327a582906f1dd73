"""The real Z-Wave JS driver and, as the stick, its project's own mock; pizwgd and a client between them:

    driver - tty - socat or pizwg-connect - mutual TLS - pizwgd - tty - mock stick with a switch (node 2), a dimmer (node 3)
"""

from lab.driver import PACKAGES, Driver, node, told
from lab.program import run

HOME_ID = 0xC0FFEE01
# What the driver counts when bytes are lost, late, changed or added.
TROUBLE = ["NAK", "CAN", "timeoutACK", "timeoutResponse", "timeoutCallback", "messagesDroppedRX", "messagesDroppedTX"]


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
        self.driver = Driver(programs, self._folder / "ttyUSB254", self._folder / "driver")

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

    def await_quiet(self):
        """Nothing is on its way that the mock would miss for ever: it never repeats what was lost."""
        before = len(self.stick.log())
        self.stick.tell("quiet")
        self.stick.wait_for('"quiet"', after=before)

    def assert_no_trouble(self):
        """Every byte arrived once, in time and unchanged, in one session, and no other byte did."""
        counted = self.driver.ask("statistics")
        assert counted["messagesRX"] > 0
        assert {what: counted[what] for what in TROUBLE} == dict.fromkeys(TROUBLE, 0)
        assert not told(self.stick, "garbage")
        log = (self._folder / "driver/driver_current.log").read_text()
        assert "SERIAL" in log  # it does show what comes in
        assert not [line for line in log.splitlines() if "[DISCARDED]" in line]
        self.assert_one_session()

    def assert_one_session(self):
        assert self.daemon.log().count("session started") == 1, self.daemon.log()
        assert "session ended" not in self.daemon.log(), self.daemon.log()
        assert self.client.process.poll() is None, self.client.log()
