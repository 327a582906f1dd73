"""The operating system of a laboratory's host: namespaces in which lab/host/init.py runs the services. What a scenario
does to it as an operator or as fate, and what its log says."""

import json
import os
import re
import sys
from pathlib import Path

from lab.chain import write_config
from lab.marks import CLOCK_AHEAD, HOST_MARK, UNIT_MARK, kill_all, marked
from lab.program import BIN, run
from lab.waiting import until

HOST = Path(__file__).parent / "host"
CAP_SYS_RESOURCE = 24
# What the log says of pizwgd's state: the last one counts. Without a daemon there is none.
STATE = re.compile(r"state changed .*\bto=(\S+)|init: boot|pizwgd.service: main process ended")


class System:
    def __init__(self, lab, name, hub, settings):
        self.name, self.hub = name, hub
        self._lab = lab
        self._folder = lab.folder / name
        self._folder.mkdir()
        self._config = write_config(self._folder / "pizwg.toml", role="cluster", device=str(hub.link),
                                    **{"hub": "1-1", "hub_port": 1} | settings)
        self._make_path()
        self._system = None

    def _make_path(self):
        """What stands in front of everything else in the host's PATH."""
        (self._folder / "bin").mkdir()
        (self._folder / "bin" / "uhubctl").symlink_to(BIN.resolve() / "pizwg-sim")
        (self._folder / "bin" / "systemctl").symlink_to(HOST / "systemctl.py")

    def _programs(self):
        """What is elsewhere than the units say."""
        pizwgd = [str(BIN / "pizwgd"), "--config", str(self._config), "--root", str(self._lab.identity.root)]
        return {"/usr/sbin/pizwgd": pizwgd, "/usr/bin/pizwg": [str(BIN / "pizwg")],
                "/usr/sbin/keepalived": [*keepalived_prefix(), "/usr/sbin/keepalived", "--log-console"],
                "/usr/bin/systemd-tmpfiles": ["true"]}

    def _create(self, up_for):
        """The namespaces and their first process, which waits for its network. To the host it looks as if it had been
        booted `up_for` seconds ago: its monotonic clock runs ahead of the one by which the kernel notes a start."""
        clock = ["--time", "--monotonic", str(up_for)] if up_for else []
        path = f"{self._folder / 'bin'}:{os.environ['PATH']}"
        self._system = self._lab.programs.start(
            "unshare", "--net", "--mount", "--propagation", "unchanged", "--uts", "--pid", "--fork", "--kill-child",
            "--mount-proc", *clock, sys.executable, HOST / "init.py", json.dumps(self._programs()), name=self.name,
            env=os.environ | {HOST_MARK: self.name, CLOCK_AHEAD: str(up_for), "PATH": path,
                              "PIZWG_SIM_HUB": str(self.hub.socket)})
        ours = os.readlink("/proc/self/ns/net")
        until(lambda: os.readlink(f"/proc/{self._system.pid}/ns/net") != ours, what=f"the namespaces of {self.name}")

    def is_up(self):
        return self._system is not None and self._system.process.poll() is None

    # --- the operator

    def _inside(self):
        processes = f"--pid=/proc/{self._system.pid}/ns/pid_for_children"
        return "nsenter", "-t", self._system.pid, "-n", "-m", "-u", processes

    def run_inside(self, *command, **options):
        """Runs a command on the host."""
        return run(*self._inside(), *command, **options)

    def start_inside(self, *command, name):
        """Starts a program there, which ends with the scenario."""
        return self._lab.programs.start(*self._inside(), *command, name=name)

    def order(self, words):
        """systemctl."""
        self._system.tell(words)

    def pizwg(self, *words, **options):
        return self.run_inside(BIN / "pizwg", *words, **options)

    def doctor(self):
        """The identity lies elsewhere than on a host of its own, its /run not: the scenario links it there."""
        return self.run_inside(BIN / "pizwg", "--root", self._lab.identity.root, "doctor", check=False)

    # --- fate

    def processes(self, unit):
        """The ids of the unit's processes, as the scenario sees them."""
        return marked(**{HOST_MARK: self.name, UNIT_MARK: f"{unit}.service"})

    def signal(self, unit, number):
        """Sends a signal to all of a unit's processes."""
        kill_all(self.processes(unit), number)

    def signal_youngest(self, unit, number):
        """To the one that was started last: keepalived's, which does VRRP."""
        kill_all([max(self.processes(unit))], number)

    # --- what can be seen

    def log(self):
        path = self._lab.folder / f"{self.name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mark(self):
        """The end of the log now."""
        return len(self.log())

    def await_log(self, text, after=0, limit=30.0):
        """Waits until the log has that text behind the mark."""
        self.await_(lambda: text in self.log()[after:], f"{text!r} in the log", limit)

    def await_(self, condition, what, limit=30.0):
        """Waits for something of this host; its log is shown when it does not come."""
        try:
            until(condition, limit, f"{self.name}: {what}")
        except AssertionError as late:
            raise AssertionError(f"{late}\n--- {self.name}:\n{self.log()[-6000:]}") from None

    def state(self):
        """pizwgd's state ("standby"), "" when there is no daemon."""
        states = STATE.findall(self.log()) if self.is_up() else []
        return states[-1] if states else ""

    def holds_vip(self):
        if not self.is_up():
            return False
        shown = self.run_inside("ip", "-4", "-o", "address", "show", "dev", "eth0", check=False).stdout
        return f" {self._lab.vip}/" in shown


def keepalived_prefix():
    """keepalived limits its own processor time in real-time scheduling. On a reload it first sets that limit to nothing,
    and needs a capability that containers lack to raise it again: the kernel kills it soon after. There it gets its
    priority from us, and may not change it, so that it sets no limit."""
    capabilities = int(re.search(r"CapEff:\s*(\w+)", Path("/proc/self/status").read_text()).group(1), 16)
    if capabilities >> CAP_SYS_RESOURCE & 1:
        return []
    return ["chrt", "--fifo", "50", "setpriv", "--bounding-set", "-sys_nice"]
