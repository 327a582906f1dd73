"""A client's machine with pizwg-connect on it, and an application that has its tty open for ever (lab/steady_application.py)."""

import sys
from pathlib import Path

from lab.lasting_client import LastingClient
from lab.program import BIN

APPLICATION = Path(__file__).parent / "steady_application.py"


class ConnectedClient(LastingClient):
    def start(self, pace=0.02):
        identity, folder = self._lab.identity, self._lab.folder
        tty = folder / "application-tty"
        self.connect = self._lab.programs.start(
            *self._inside(), BIN / "pizwg-connect", self._lab.vip, "--tty", tty, "--server-certificate",
            identity.server_certificate, "--client-pem", identity.pem(self._client), "--control", folder / "control",
            name="pizwg-connect")
        self.connect.wait_for("port offered")
        self._program = self._lab.programs.start(*self._inside(), sys.executable, APPLICATION, tty, str(pace),
                                                 name=self._name)

    def openings(self):
        """How often the application had to open its port."""
        assert not self.times("port-lost"), self._program.log()[-500:]
        return len(self.times("opened"))
