"""The first process of a laboratory's host, in namespaces of its own: a stand-in for systemd that runs PiZWG's two
services as their unit files say, and takes the orders that systemctl (lab/host/systemctl.py) and the scenario give.

Run as a program: init.py PROGRAMS_JSON, with {"unit's program": ["command", ...]} for what is not where a unit says.
It starts when "boot" comes on its standard input, and takes the same words there as systemctl does. It ends with
REBOOT when it was told to reboot: the machine around it (lab/machine.py) is the firmware.
"""

import asyncio
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from lab.host.children import Children, log  # noqa: E402
from lab.host.service import Service  # noqa: E402
from lab.host.unit_file import Unit  # noqa: E402
from lab.marks import kill_all, marked, HOST_MARK  # noqa: E402

REBOOT = 10
ORDERS = "/run/lab-orders"
PACKAGING = Path(__file__).parents[3] / "packaging" / "systemd"
KEEPALIVED_OF_DEBIAN = Path("/lib/systemd/system/keepalived.service")


class Init:
    def __init__(self, programs):
        self._programs = programs
        self._children = Children(asyncio.get_running_loop())
        self.services = {unit.name: Service(unit, self._children, self._program_of) for unit in _units()}
        self.end = asyncio.get_running_loop().create_future()
        self._jobs = set()

    def _program_of(self, words):
        if words[0] == "/bin/sh":  # the programs stand in its script
            return [re.sub(r"/[\w/-]+", self._in_script, word) for word in words]
        return [*self._programs.get(words[0], words[:1]), *words[1:]]

    def _in_script(self, path):
        return shlex.join(self._programs.get(path.group(), [path.group()]))

    def boot(self):
        for service in self.services.values():
            self._begin(service.live())
        self._begin(self._start_all())

    async def _start_all(self):
        """In their order."""
        for service in self.services.values():
            service.start()
            # One that cannot start does not hold up the next for ever.
            waiting = asyncio.ensure_future(service.ready.wait())
            await asyncio.wait([waiting], timeout=30)
            waiting.cancel()

    async def _stop_all(self):
        for service in reversed(self.services.values()):
            await service.stop()

    def order(self, line):
        """One of systemctl's command lines; "" or what is wrong with it."""
        words = [word for word in shlex.split(line) if not word.startswith("--")]
        log(f"init: order {line.strip()}")
        verb, unit = words[0], words[1] if len(words) > 1 else ""
        if verb in ("reboot", "soft-reboot"):
            self._begin(self._restart_machine(verb))
            return ""
        service = self.services.get(unit)
        if service is None:
            return f"Unit {unit} not found."
        return self._order_service(service, verb)

    def _order_service(self, service, verb):
        jobs = {"stop": service.stop, "restart": service.restart, "try-reload-or-restart": service.reload}
        if verb == "kill":
            service.kill()
        elif verb == "start":
            service.start()
        elif verb in jobs:
            self._begin(jobs[verb]())
        else:
            return f"Unknown command verb {verb}."
        return ""

    async def _restart_machine(self, how):
        await self._stop_all()
        kill_all(pid for pid in marked(**{HOST_MARK: os.environ[HOST_MARK]}) if pid != os.getpid())
        log(f"init: {how}")
        if how == "reboot":
            self.end.set_result(REBOOT)
            return
        await self._start_all()

    def _begin(self, coroutine):
        job = asyncio.ensure_future(coroutine)
        self._jobs.add(job)
        job.add_done_callback(self._finished)

    def _finished(self, job):
        self._jobs.discard(job)
        if not job.cancelled() and job.exception():
            log(f"init: {job.exception()!r}")
            self.end.set_exception(job.exception())


def _units():
    """In the order in which they start."""
    drop_in = PACKAGING / "keepalived.service.d" / "pizwg.conf"
    return [Unit("pizwgd.service", [PACKAGING / "pizwgd.service"]),
            Unit("keepalived.service", [KEEPALIVED_OF_DEBIAN, drop_in])]


async def _hear_systemctl(init):
    async def hear(reader, writer):
        writer.write(init.order((await reader.readline()).decode()).encode())
        writer.close()

    return await asyncio.start_unix_server(hear, ORDERS)


def _hear_scenario(loop, init):
    """Standard input is a pipe that ends with the scenario: then nothing is heard any more."""
    for line in sys.stdin:
        if line.strip():
            loop.call_soon_threadsafe(init.order, line.strip())


async def main(programs):
    init = Init(json.loads(programs))
    server = await _hear_systemctl(init)
    sys.stdin.readline()  # "boot": the network is there
    log("init: boot")
    threading.Thread(target=_hear_scenario, args=(asyncio.get_running_loop(), init), daemon=True).start()
    init.boot()
    status = await init.end
    server.close()
    return status


if __name__ == "__main__":
    subprocess.run(["mount", "-t", "tmpfs", "run", "/run"], check=True)
    socket.sethostname(os.environ[HOST_MARK])
    Path("/proc/self/comm").write_text("systemd")  # keepalived tells nobody else that it is ready
    exit_status = asyncio.run(main(sys.argv[1]))
    sys.stdout.flush()
    os._exit(exit_status)
