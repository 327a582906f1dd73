"""A machine that a real systemd has booted (tests/units/boot), and on which PiZWG is installed (installed_tree)."""

import contextlib
import json
import os
import re
import tempfile
from pathlib import Path

from lab.installed_tree import LAB, VIP, PowerLog
from lab.program import run
from lab.waiting import until

BOOT = Path(__file__).parents[1] / "units" / "boot"


def missing():
    """Why this machine cannot boot another one, or nothing."""
    if os.geteuid() != 0:
        return "not root"
    if Path("/proc/self/uid_map").read_text().split() != ["0", "0", "4294967295"]:
        return "root of a user namespace only"
    status = Path("/proc/self/status").read_text()
    if not int(status.split("CapEff:")[1].split()[0], 16) & 1 << 21:
        return "no CAP_SYS_ADMIN"
    filesystems = Path("/proc/filesystems").read_text().split()
    kinds = [kind for kind in ("overlay", "cgroup2") if kind not in filesystems]
    return f"the kernel has no {' and no '.join(kinds)}" if kinds else None


class BootedMachine:
    def __init__(self, programs, folder, name="machine", up_for=0):
        """`up_for`: its programs see a clock that was started so many seconds before it was."""
        clock = ["--time", "--monotonic", up_for] if up_for else []
        self._cgroup = self._make_cgroup(Path(folder))
        self._boot = programs.start(
            "unshare", "--cgroup", "--net", "--mount", "--pid", "--uts", "--ipc", *clock, "--fork", "--kill-child",
            "--propagation", "private", BOOT, folder / "tree", name=name,
            preexec_fn=lambda: (self._cgroup / "cgroup.procs").write_text("0"))
        self.pid = until(self._first_process, what="the machine's first process")

    def wait_until_up(self):
        until(self._is_up, 60, "the machine's being up")

    def _is_up(self):
        assert self._boot.process.poll() is None, f"it did not boot: {self._boot.log()}"
        return self.property("multi-user.target", "ActiveState") == "active"

    def plug_gateway(self):
        """Starts the simulated gateway; the hub decides whether its tty is there."""
        self.run("systemd-run", "--quiet", "--unit=gateway", "pizwg-sim", "gateway", "--link", LAB / "tty")
        link = until(lambda: os.path.lexists(self.path(LAB / "tty")) and os.readlink(self.path(LAB / "tty")))
        self.run("chmod", "666", link)

    def wait_for_status(self, status, timeout=20):
        until(lambda: self.property("pizwgd", "StatusText") == status, timeout, f"status {status!r}\n")

    def wait_for_end(self, timeout):
        """Of the machine, which shuts itself down."""
        self._boot.wait(timeout)

    def close(self):
        """Ends every process of the machine. Returns a sanitizer's report, if there was one."""
        report = self._sanitizer_report() if self._boot.process.poll() is None else None
        self._boot.process.kill()
        self._boot.process.wait()
        until(self._remove_cgroup, what="the control group's being empty")
        return report

    def run(self, *command, check=True, user=None, **options):
        """Runs a command on the machine, as root or as that user."""
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
        return run("nsenter", "--target", self.pid, "--all", "--", *become, "env", "-i", "PATH=/usr/sbin:/usr/bin",
                   *command, check=check, **options)

    def path(self, path):
        """A file of the machine, as seen from here."""
        return Path(f"/proc/{self.pid}/root") / str(path).lstrip("/")

    def property(self, unit, name):
        """Of a unit; empty while there is no systemd to ask."""
        return self.run("systemctl", "show", "--value", f"--property={name}", unit, check=False).stdout.strip()

    def main_pid(self, unit="pizwgd"):
        """Its id on the machine; 0 when there is none."""
        return int(self.property(unit, "MainPID"))

    def signal(self, unit, signal):
        self.run("systemctl", "kill", "--kill-whom=main", f"--signal={signal}", unit)

    def journal(self, unit="pizwgd"):
        return self.run("journalctl", "--unit", unit, "--output=short-monotonic", "--no-hostname").stdout

    def power_log(self, whole=False):
        """Opened: it can be read when the machine is no more. From its beginning, or from now on."""
        file = self.path(LAB / "power.log")
        until(file.exists, 20, "the hub's being told anything")
        return PowerLog(open(file), whole)

    def is_dark(self):
        return not os.path.lexists(self.path(LAB / "stick"))

    def has_vip(self):
        addresses = json.loads(self.run("ip", "-j", "address", "show", "dev", "eth0").stdout)
        return any(a.get("local") == VIP for a in addresses[0]["addr_info"])

    def _sanitizer_report(self):
        text = self.run("journalctl", "--boot", "--output=cat").stdout
        return text if re.search(r"AddressSanitizer|LeakSanitizer|runtime error:", text) else None

    def _first_process(self):
        assert self._boot.process.poll() is None, self._boot.log()
        children = Path(f"/proc/{self._boot.pid}/task/{self._boot.pid}/children").read_text().split()
        return int(children[0]) if children else None

    @staticmethod
    def _make_cgroup(folder):
        top = folder / "cgroup"
        top.mkdir()
        run("mount", "-t", "cgroup2", "cgroup2", top)
        # A name of its own among those of machines that other test runs have booted.
        return Path(tempfile.mkdtemp(prefix="pizwg-units-", dir=top))

    def _remove_cgroup(self):
        folders = sorted((p for p in self._cgroup.rglob("*") if p.is_dir()), reverse=True)
        with contextlib.suppress(OSError):
            for folder in [*folders, self._cgroup]:
                folder.rmdir()
            return True
        return False
