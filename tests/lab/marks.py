"""Processes of the laboratory are found by marks in their environment, which everything they start inherits: what a
control group is to systemd."""

import contextlib
import os
import signal

HOST_MARK = "PIZWG_LAB_HOST"
UNIT_MARK = "PIZWG_LAB_UNIT"
# Not a mark: by how many seconds the host's clock is ahead of the scenario's.
CLOCK_AHEAD = "PIZWG_LAB_CLOCK_AHEAD"


def marked(**marks):
    """The ids of the processes that have all these marks: marked(PIZWG_LAB_UNIT="keepalived.service")."""
    wanted = {f"{mark}={value}".encode() for mark, value in marks.items()}
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and wanted <= _environment(entry)]


def kill_all(pids, number=signal.SIGKILL):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _environment(pid):
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            return set(environ.read().split(b"\0"))
    except OSError:  # it has ended, or is a zombie
        return set()
