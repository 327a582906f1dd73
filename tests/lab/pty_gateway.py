"""A gateway of which a scenario decides every byte: a pty behind a symlink. `pizwg-sim` is the one that can talk."""

import errno
import os
import select
import time
import tty


class PtyGateway:
    def __init__(self, link):
        self.link = link
        self.master = -1
        self.plug()

    def plug(self, avoid=None):
        """A new pty; never the one that is called `avoid`."""
        self.master, slave = os.openpty()
        if os.ttyname(slave) == avoid:
            taken = self.master, slave
            self.master, slave = os.openpty()
            for descriptor in taken:
                os.close(descriptor)
        tty.setraw(slave)
        self.tty = os.ttyname(slave)
        os.set_blocking(self.master, False)
        os.close(slave)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(self.tty)

    def unplug(self):
        """The device is gone, and everybody who has it open sees a hang-up."""
        self.link.unlink(missing_ok=True)
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def say(self, data, timeout=10.0):
        """Says all of it, as fast as it is taken."""
        deadline = time.monotonic() + timeout
        while data:
            said = self.say_some(data)
            data = data[said:]
            if not said and not select.select([], [self.master], [], max(deadline - time.monotonic(), 0))[1]:
                raise TimeoutError(f"{len(data)} bytes were not taken within {timeout} s")

    def say_some(self, data):
        """Says what is taken now, without waiting; how much that was."""
        try:
            return os.write(self.master, data)
        except BlockingIOError:
            return 0

    def hear(self, timeout=10.0):
        """What was said to the gateway, at least a byte; b"" when nothing came in time."""
        if not select.select([self.master], [], [], timeout)[0]:
            return b""
        try:
            return os.read(self.master, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # nobody has the port open
                return b""
            raise

    def hear_exactly(self, count, timeout=10.0):
        deadline = time.monotonic() + timeout
        heard = b""
        while len(heard) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(heard)} of {count} bytes within {timeout} s: {heard[-80:]!r}")
            heard += self.hear(0.1)
        return heard

    def close(self):
        self.unplug()
