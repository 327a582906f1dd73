"""The processes of a host: started with a mark in their environment by which they are found again, reaped by the one
who has to, their output written to the host's log with the time."""

import asyncio
import os
import signal
import subprocess
import time

from lab.marks import CLOCK_AHEAD, UNIT_MARK

_AHEAD = float(os.environ.get(CLOCK_AHEAD, "0"))


def log(text):
    """One line of the host's log, with the time as the scenario has it."""
    print(f"{time.monotonic() - _AHEAD:.3f} {text}", flush=True)


class Children:
    """Process 1 gets everybody's orphans too, so it reaps whatever ends."""

    def __init__(self, loop):
        self._loop = loop
        self._exits = {}  # process id to the future of its exit status
        loop.add_signal_handler(signal.SIGCHLD, self._reap)

    def spawn(self, words, mark, environment=None):
        """Starts a process; its id. Its exit status is awaited with `exit_of`."""
        reader, writer = os.pipe()
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=writer, stderr=writer, start_new_session=True,
                                 env=os.environ | {UNIT_MARK: mark} | (environment or {}))
        os.close(writer)
        child.returncode = 0  # Popen's own bookkeeping: it has nothing to wait for
        self._exits[child.pid] = self._loop.create_future()
        _Output(self._loop, reader, mark)
        return child.pid

    def exit_of(self, pid):
        """A future: the exit status, or the negative number of the signal."""
        return self._exits[pid]

    async def run(self, words, mark, environment=None, limit=90.0):
        """Runs a command to its end; its exit status. One that takes too long is killed."""
        pid = self.spawn(words, mark, environment)
        try:
            return await asyncio.wait_for(asyncio.shield(self.exit_of(pid)), limit)
        except asyncio.TimeoutError:
            log(f"{mark}: {words[0]} takes longer than {limit} s and is killed")
            os.kill(pid, signal.SIGKILL)
            return await self.exit_of(pid)

    def _reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            exit_status = self._exits.get(pid)
            if exit_status and not exit_status.done():
                exit_status.set_result(os.waitstatus_to_exitcode(status))


class _Output:
    """A pipe's lines, on their way to the log."""

    def __init__(self, loop, pipe, name):
        self._loop, self._pipe, self._name, self._rest = loop, pipe, name, b""
        os.set_blocking(pipe, False)
        loop.add_reader(pipe, self._read)

    def _read(self):
        data = os.read(self._pipe, 65536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            log(f"{self._name}: {line.decode(errors='replace')}")
        if not data:
            self._loop.remove_reader(self._pipe)
            os.close(self._pipe)
