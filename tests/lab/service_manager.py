"""systemd's end of sd_notify: a datagram socket that keeps what it is told."""

import os
import socket

from lab.waiting import until


class ServiceManager:
    def __init__(self, path, watchdog_seconds=None):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(path if isinstance(path, str) else str(path))
        name = "@" + path[1:] if isinstance(path, str) and path.startswith("\0") else str(path)
        self.environment = {"NOTIFY_SOCKET": name}
        if watchdog_seconds:
            self.environment["WATCHDOG_USEC"] = str(int(watchdog_seconds * 1_000_000))
        self._messages = []

    def told(self):
        """Every message so far, oldest first."""
        try:
            while True:
                self._messages.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return list(self._messages)

    def wait_for(self, start, timeout=10.0):
        """The first message that begins so."""
        return until(lambda: next((m for m in self.told() if m.startswith(start)), None), timeout,
                     f"{start!r} among {self._messages}")

    def status(self):
        """The last STATUS text."""
        said = [m for m in self.told() if m.startswith("STATUS=")]
        return said[-1].removeprefix("STATUS=") if said else ""

    def close(self):
        self._socket.close()
        path = self.environment["NOTIFY_SOCKET"]
        if path.startswith("/"):
            os.unlink(path)
