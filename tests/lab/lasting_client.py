"""A client's machine in the laboratory, and what its program (lab/framing_client.py) has to say about the service."""

import os
import sys
import time
from pathlib import Path

from lab.waiting import until

PROGRAM = Path(__file__).parent / "framing_client.py"


class LastingClient:
    def __init__(self, lab, name, number, client="pizwg-client"):
        self._holder = lab.programs.start("unshare", "--net", "sleep", "infinity", name=f"{name}-machine")
        ours = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{self._holder.pid}/ns/net") != ours, what=f"the namespace of {name}")
        self.cable = lab.switch.connect(name, number, self._holder.pid)
        self._lab, self._name, self._client = lab, name, client
        self._program = None

    def start(self, pace=0.02):
        """`pace`: seconds from an answer to the next question."""
        identity = self._lab.identity
        self._program = self._lab.programs.start(
            *self._inside(), sys.executable, PROGRAM, identity.server_certificate,
            identity.pem(self._client), self._lab.vip, "3333", str(pace), name=self._name)

    def _inside(self):
        """What runs a command on this machine."""
        return ["nsenter", "-t", str(self._holder.pid), "-n"]

    def kill(self):
        """Its kernel closes the connection."""
        self._program.process.kill()
        self._program.wait()

    def signal(self, number):
        self._program.signal(number)

    def times(self, what, after=0.0):
        """When it said that."""
        if self._program is None:
            return []
        said = (line.split(" ", 2) for line in self._program.log().splitlines() if line.count(" "))
        return [at for at in (int(words[0]) / 1e9 for words in said if words[1] == what) if at >= after]

    def await_answers(self, count=5, after=None, limit=30.0):
        """Waits for so many answers; the time of the first one."""
        after = time.monotonic() if after is None else after
        until(lambda: len(self.times("answered", after)) >= count, limit, f"{count} answers for {self._name}")
        return self.times("answered", after)[0]

    def settle(self, limit):
        """Waits until it is served, and has said so."""
        self.await_answers(limit=limit)

    def mark(self):
        """The end, now, of what it says about its sessions."""
        return time.monotonic()

    def sessions_since(self, mark):
        return len(self.times("connected", mark))

    def await_new_session(self, mark, limit=30.0):
        """Waits for a session that began after the mark, and five answers in it."""
        until(lambda: self.sessions_since(mark), limit, f"a new session of {self._name}")
        self.await_answers(5, self.times("connected", mark)[0], limit)

    def outage(self, since):
        """The longest time without an answer of those that ended after `since`, less what is normal."""
        answered = self.times("answered")
        gaps = sorted((b - a, b) for a, b in zip(answered, answered[1:], strict=False))
        normal = gaps[len(gaps) // 2][0] if gaps else 0.0
        return max((gap - normal for gap, end in gaps if end >= since), default=0.0)

    def figures(self, since):
        """What else is to be recorded of a fault."""
        return {}
