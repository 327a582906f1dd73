"""A client's machine with pizwg-connect on it, and an application that has its tty open for ever (lab/steady_application.py)."""

import sys
from pathlib import Path

from lab.lasting_client import LastingClient
from lab.uplink import pizwg_connect

APPLICATION = Path(__file__).parent / "steady_application.py"


class ConnectedClient(LastingClient):
    def __init__(self, lab, name, number):
        super().__init__(lab, name, number)
        self._start_uplink = pizwg_connect()
        self.starts = 0
        self.uplink = None

    def start(self, pace=0.02):
        tty = self._lab.folder / "application-tty"
        self.uplink = self._start_uplink(self._lab.programs, self._inside(), self._lab.identity, self._client,
                                         self._lab.vip, tty)
        self.starts += 1
        self._start_application(tty, pace)

    def _start_application(self, tty, pace):
        self._program = self._lab.programs.start(*self._inside(), sys.executable, APPLICATION, tty, str(pace),
                                                 name=self._name)

    def kill(self):
        """The application, and its uplink, whose kernel closes the connection."""
        super().kill()
        self.uplink.process.kill()
        self.uplink.wait()

    def settle(self, limit):
        """pizwg-connect speaks of a session when that has lasted for a moment."""
        super().settle(limit)
        self.uplink.wait_for(rf"{self._start_uplink.connected}(?![\s\S]*notice: disconnected)", limit)

    def mark(self):
        return len(self.uplink.log()) if self.uplink else 0

    def sessions_since(self, mark):
        return self.uplink.log()[mark:].count(self._start_uplink.connected)

    def await_new_session(self, mark, limit=30.0):
        self.uplink.wait_for(self._start_uplink.connected, limit, mark)
        self.await_answers(limit=limit)

    def reopened(self):
        """How often the application had to open its port once more."""
        assert not self.times("port-lost"), self._program.log()[-500:]
        return len(self.times("opened")) - self.starts

    def figures(self, _since):
        return {"reopened": self.reopened()} if self.starts else {}
