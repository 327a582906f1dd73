"""A client's machine with pizwg-connect on it, and an application that has its tty open for ever (lab/steady_application.py)."""

import sys
from pathlib import Path

from lab.lasting_client import LastingClient
from lab.uplink import pizwg_connect

APPLICATION = Path(__file__).parent / "steady_application.py"


class ConnectedClient(LastingClient):
    def __init__(self, lab, name, number, uplink=None):
        super().__init__(lab, name, number)
        self._start_uplink = uplink or pizwg_connect()

    def start(self, pace=0.02):
        tty = self._lab.folder / "application-tty"
        self.uplink = self._start_uplink(self._lab.programs, self._inside(), self._lab.identity, self._client,
                                         self._lab.vip, tty)
        self._start_application(tty, pace)

    def _start_application(self, tty, pace):
        self._program = self._lab.programs.start(*self._inside(), sys.executable, APPLICATION, tty, str(pace),
                                                 name=self._name)

    def openings(self):
        """How often the application had to open its port."""
        assert not self.times("port-lost"), self._program.log()[-500:]
        return len(self.times("opened"))

    def figures(self, _since):
        return {"openings": self.openings()}
