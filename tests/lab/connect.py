"""pizwg-connect under test, and an application that has its tty open."""

import errno
import json
import os
import select
import tty

from lab.identity import CLIENT
from lab.program import BIN, run
from lab.waiting import until


class Connect:
    """A running pizwg-connect with a tty, unless `tty` is False. `prefix` is a command that starts it."""

    def __init__(self, programs, identity, folder, *arguments, server="127.0.0.1", tty=True, prefix=(),
                 name="pizwg-connect", ready=True, pem=None, certificate=None):
        self.tty = folder / "tty"
        self.control = folder / f"{name}.control"
        self.program = programs.start(
            *prefix, BIN / "pizwg-connect", server, *(("--tty", self.tty) if tty else ()),
            "--server-certificate", certificate or identity.server_certificate,
            "--client-pem", pem or identity.pem(CLIENT), "--control", self.control, *arguments, name=name)
        if ready:
            self.program.wait_for("port offered", after=self.program.began)

    @property
    def pid(self):
        return self.program.pid

    def wait_for(self, pattern, timeout=10.0, after=0):
        return self.program.wait_for(pattern, timeout, after)

    def mark(self):
        return len(self.program.log())

    def wait_until_connected(self, after=0, timeout=10.0):
        """The outage that it says it had, in seconds."""
        return int(self.wait_for(r"connected server=\S+ outage_ms=(\d+)", timeout, after).group(1)) / 1000

    def status(self):
        answer = run("pizwg-connect", "status", "--json", "--control", self.control, check=False)
        return json.loads(answer.stdout)

    def open(self):
        return Application(self.tty)


class Application:
    """Has the tty open, as a serial library leaves it: raw and non-blocking."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd)

    def write(self, data):
        assert os.write(self.fd, data) == len(data)

    def read(self, timeout=10.0):
        """At least a byte; b"" when nothing came in time, None when the port was hung up."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return b""
        try:
            return os.read(self.fd, 65536) or None
        except OSError as error:
            if error.errno == errno.EIO:
                return None
            raise

    def read_exactly(self, count, timeout=10.0):
        got = b""

        def enough():
            nonlocal got
            if len(got) < count:
                got += self.read(0.05) or b""
            return len(got) >= count

        until(enough, timeout, f"{count} bytes at the application")
        return got

    def close(self):
        os.close(self.fd)


def frame(function, payload=b"", kind=0):
    """A frame of the Z-Wave Serial API."""
    body = bytes([len(payload) + 3, kind, function]) + payload
    checksum = 0xFF
    for byte in body:
        checksum ^= byte
    return b"\x01" + body + bytes([checksum])
