"""What the kernel says about a process and its children: CPU time, memory, wake-ups; and about a port: bytes queued."""

from pathlib import Path


def family(pid):
    """The process and its descendants: a server may serve with children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [p for child in children for p in family(int(child))]


def _tasks(pid):
    return [task for member in family(pid) for task in Path(f"/proc/{member}/task").iterdir()]


def _status(path, field):
    for line in (path / "status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise AssertionError(f"no {field} in {path}/status")


def cpu_seconds(pid):
    return sum(int((task / "schedstat").read_text().split()[0]) for task in _tasks(pid)) / 1e9


def wakeups(pid):
    return sum(_status(task, "voluntary_ctxt_switches") for task in _tasks(pid))


def rss_megabytes(pid):
    return sum(_status(Path(f"/proc/{member}"), "VmRSS") for member in family(pid)) / 1024


def queued_bytes(port):
    """What the kernel holds in the sockets of a port, both ends of the connection, both directions."""
    total = 0
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if f":{port:04X}" in (fields[1][-5:], fields[2][-5:]) and fields[3] == "01":
                sending, received = fields[4].split(":")
                total += int(sending, 16) + int(received, 16)
    return total
