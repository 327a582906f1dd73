"""A client's machine with the real Z-Wave JS driver on it (lab/driver.py), which reads a switch for ever."""

from lab.connected_client import ConnectedClient
from lab.driver import SWITCH, Driver

BOOT = 60.0  # seconds, at most, from a cluster's power-on to the first session


class DrivingClient(ConnectedClient):
    def _start_application(self, tty, pace):
        """The driver needs a gateway when it starts; from then on it has to do without a restart."""
        self.uplink.wait_for(self._start_uplink.connected, BOOT)
        self.driver = Driver(self._lab.programs, tty, self._lab.folder / self._name, self._inside(), self._name)
        self.driver.tell(f"steady {SWITCH} {round(pace * 1000)}")

    def times(self, what, after=0.0):
        return [told["at"] for told in self.driver.told(what) if told["at"] >= after]

    def reopened(self):
        assert not self.driver.gave_up(), self.driver.program.log()[-500:]
        return self.driver.openings() - self.starts

    def figures(self, since):
        return super().figures(since) | {"failed": len(self.times("command failed", since))}
