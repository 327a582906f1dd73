"""One unit of a host: started, watched, ended and started again as systemd does it (systemd.service(5))."""

import asyncio
import os
import re
import signal
import socket
import time
from pathlib import Path

from lab.host.children import log
from lab.marks import UNIT_MARK, kill_all, marked


class Service:
    def __init__(self, unit, children, program_of):
        self.unit = unit
        self.name = unit.name
        self.ready = asyncio.Event()
        self._children = children
        self._program_of = program_of  # a unit's command to the command of the laboratory
        self._wanted = asyncio.Event()
        self._stop_ordered = asyncio.Event()
        self._at_rest = asyncio.Event()
        self._restart_now = asyncio.Event()
        self._main = None
        self._notify = self._listen()
        self._fed_at = 0.0  # the watchdog, last

    # --- orders

    def start(self):
        self._wanted.set()
        self._restart_now.set()

    async def stop(self):
        self._wanted.clear()
        self._stop_ordered.set()
        self._restart_now.set()
        await self._at_rest.wait()

    async def restart(self):
        await self.stop()
        self.start()

    async def reload(self):
        """One that is on its way is waited for; one that was stopped stays so."""
        if self._wanted.is_set():
            await _within(self.ready.wait(), 30)
            await self._run_all("ExecReload")

    def kill(self, number=signal.SIGKILL):
        kill_all(self.processes(), number)

    def processes(self):
        return [pid for pid in marked(**{UNIT_MARK: self.name}) if pid != os.getpid()]

    # --- life

    async def live(self):
        while True:
            self._at_rest.set()
            await self._wanted.wait()
            self._at_rest.clear()
            self._stop_ordered.clear()
            self._restart_now.clear()
            await self._run_once()
            if self._wanted.is_set():
                pause = self.unit.seconds("RestartSec", 0.1)
                log(f"{self.name}: ended of itself, next start in {pause} s")
                await _within(self._restart_now.wait(), pause)

    async def _run_once(self):
        self._make_folder()
        if not await self._run_all("ExecCondition"):
            self._wanted.clear()  # until somebody orders it anew
            return
        if await self._run_all("ExecStartPre") and not self._stop_ordered.is_set():
            await self._run_main()
        self.ready.clear()
        await self._run_all("ExecStopPost")
        log(f"{self.name}: stopped")

    async def _run_main(self):
        (command,) = self.unit.commands("ExecStart")
        self._fed_at = time.monotonic()
        self._main = self._children.spawn(self._program_of(command.words), self.name, self._environment())
        log(f"{self.name}: started pid={self._main}")
        if self.unit.text("Type", "simple") != "notify":
            self.ready.set()
        ended = self._children.exit_of(self._main)
        await self._watch(ended)
        if self.ready.is_set():
            await self._run_all("ExecStop")
        await self._end_all(ended)

    async def _watch(self, ended):
        """Returns when the main process has ended, or has to."""
        limit = self.unit.seconds("WatchdogSec", 0)
        stop = asyncio.ensure_future(self._stop_ordered.wait())
        while not ended.done() and not stop.done():
            await asyncio.wait([ended, stop], timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
            if limit and time.monotonic() - self._fed_at > limit and not ended.done():
                log(f"{self.name}: watchdog, no sign of life for {limit} s")
                self.kill(signal.SIGKILL)
                await ended
        stop.cancel()
        if ended.done():
            log(f"{self.name}: main process ended with {ended.result()}")
            self._main = None

    async def _end_all(self, ended):
        """SIGTERM to the main process and the rest, SIGKILL to what is left."""
        self.kill(signal.SIGTERM)
        if not ended.done() and not await _within(asyncio.shield(ended), self.unit.seconds("TimeoutStopSec", 90)):
            log(f"{self.name}: does not stop, and is killed")
        self.kill(signal.SIGKILL)
        await ended
        self._main = None

    async def _run_all(self, key):
        """True when all commands succeeded, or may fail."""
        limit = self.unit.seconds("TimeoutStopSec" if "Stop" in key else "TimeoutStartSec", 90)
        for command in self.unit.commands(key):
            words = [word.replace("$MAINPID", str(self._main or "")) for word in command.words]
            status = await self._children.run(self._program_of(words), self.name, self._environment(), limit)
            if status != 0 and not command.may_fail:
                log(f"{self.name}: {key} failed with {status}")
                return False
        return True

    # --- what the processes find

    def _make_folder(self):
        if folder := self.unit.text("RuntimeDirectory"):
            Path("/run", folder).mkdir(exist_ok=True)

    def _environment(self):
        watchdog = self.unit.seconds("WatchdogSec", 0)
        found = {"NOTIFY_SOCKET": self._notify.getsockname()}
        return found | ({"WATCHDOG_USEC": str(int(watchdog * 1e6))} if watchdog else {})

    def _listen(self):
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listening.setblocking(False)
        listening.bind(f"/run/{self.name}.notify")
        asyncio.get_running_loop().add_reader(listening, self._hear)
        return listening

    def _hear(self):
        message = self._notify.recv(4096).decode(errors="replace")
        self._fed_at = time.monotonic()
        if re.search("^READY=1$", message, re.MULTILINE):
            log(f"{self.name}: ready")
            self.ready.set()
        if status := re.search("^STATUS=(.*)$", message, re.MULTILINE):
            log(f"{self.name}: status {status.group(1)}")


async def _within(awaitable, limit):
    """True when it came in time."""
    try:
        await asyncio.wait_for(awaitable, limit)
        return True
    except asyncio.TimeoutError:
        return False
