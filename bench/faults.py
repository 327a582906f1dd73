"""The rows about misfortune: connections that stay silent, and a client that is gone without a word."""

import errno
import os
import select
import socket
import sys
import time

import process
from lab.program import BIN, run
from lab.waiting import until

SILENT = 1000
MORE = 100  # ser2net's limit of open files comes into sight at about 1,015
SERVER, CLIENT = "10.77.0.1", "10.77.0.2"


def hold_silent(sockets, port, count):
    """Opens connections that never say anything. Nobody waits for a server that no longer accepts."""
    late = 0
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        sockets.append(connection)
        if connection.connect_ex(("127.0.0.1", port)) == errno.EINPROGRESS and late < 3:
            late += not writable_within(connection, 4000)
        time.sleep(0.002)  # a pace at which a server with a backlog of five, ser2net, accepts every one


def writable_within(connection, milliseconds):
    waiting = select.poll()  # select() ends at descriptor 1,024
    waiting.register(connection, select.POLLOUT)
    return bool(waiting.poll(milliseconds))


def settled_rss(pid):
    """The memory, once it no longer changes."""
    last = [0.0, time.monotonic()]

    def settled():
        now = process.rss_megabytes(pid)
        if now != last[0]:
            last[:] = [now, time.monotonic()]
        return now if time.monotonic() - last[1] > 0.5 else None

    return until(settled, 15, "memory that no longer grows")


def measure_silent(host, results):
    sockets = []
    try:
        hold_silent(sockets, host.port, SILENT)
        results.add("silent_rss", host.kind.key, settled_rss(host.server.pid))
        enter(host, "silent_entry", f"{SILENT} silent connections", results)
        hold_silent(sockets, host.port, MORE)
        enter(host, "silent_entry_more", f"{SILENT + MORE} silent connections", results)
    finally:
        for connection in sockets:
            connection.close()


def enter(host, row, beside, results):
    times = host.first_bytes(1, deadline=10)
    if times:
        results.add(row, host.kind.key, times["p50_ms"])
    else:
        results.note(f"{host.kind.title}: beside {beside} a legitimate client did not get in within 10 s")
        results.add(row, host.kind.key, float("inf"))


class Wire:
    """A client's machine at the end of a wire that can be cut: a network namespace and a pair of interfaces. Cut means
    that packets go out and nothing ever comes back: no FIN, no reset, no carrier lost."""

    ADDRESS = "02:00:00:00:00:02"

    def __init__(self, programs):
        self._holder = programs.start("unshare", "--net", "sleep", "infinity")
        until(lambda: namespace(self._holder.pid) != namespace("self"), 5, "a network namespace")
        run("ip", "link", "add", "bench0", "type", "veth",
            "peer", "name", "bench1", "address", self.ADDRESS, "netns", self._holder.pid)
        run("ip", "address", "add", f"{SERVER}/24", "dev", "bench0")
        run("ip", "link", "set", "bench0", "up")
        run(*self.inside("ip", "address", "add", f"{CLIENT}/24", "dev", "bench1"))
        run(*self.inside("ip", "link", "set", "bench1", "up"))
        # Known for ever, so that the cut is silence and not an address that cannot be resolved.
        run("ip", "neighbour", "replace", CLIENT, "lladdr", self.ADDRESS, "dev", "bench0", "nud", "permanent")

    def inside(self, *command):
        return ["nsenter", f"--net=/proc/{self._holder.pid}/ns/net", *command]

    def cut(self):
        run(*self.inside("ip", "address", "flush", "dev", "bench1"))

    def end(self):
        run("ip", "link", "delete", "bench0", check=False)
        self._holder.end()


def namespace(pid):
    return os.readlink(f"/proc/{pid}/ns/net")


def connect_and_vanish(host, programs, wire, link):
    """A session that works, and then its wire is cut. The client lives on, and knows nothing."""
    client = programs.start(*wire.inside(BIN / "dev_client", "--connect", f"{SERVER}:{host.port}", "--cafile", host.crt,
                                         "--cert", host.pem, "--link", link))
    until(lambda: link.is_symlink() or client.process.poll() is not None, 10, "the client's link")
    line = os.open(link, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(line, b"x")
        if not select.select([line], [], [], 5)[0]:
            raise AssertionError("the session does not work")
    finally:
        os.close(line)
    wire.cut()
    return client


def seconds_until_the_next(host, name, limit):
    start = time.monotonic()
    while time.monotonic() - start < limit:
        if host.first_bytes(1, name=name, deadline=2):
            return time.monotonic() - start
        time.sleep(0.1)  # a client that comes back at once, again and again
    return float("inf")


def measure_dead(plan, programs, hosts, results):
    for host in hosts:
        if host.kind.key == "ours":
            measure_vanished(plan, programs, host, "dead_same", "pizwg-client", results)
        if host.kind.key in ("ours", "first"):
            measure_vanished(plan, programs, host, "dead_other", "pizwg-other", results)


def measure_vanished(plan, programs, host, row, name, results):
    print(f"bench: a client that vanishes, {name} comes: {host.kind.title}", file=sys.stderr, flush=True)
    wire = Wire(programs)
    try:
        client = connect_and_vanish(host, programs, wire, host.folder / row)
        results.add(row, host.kind.key, seconds_until_the_next(host, name, plan.dead_limit_seconds))
        client.end()
    except (AssertionError, OSError) as failure:
        results.note(f"{host.kind.title}: a client that vanishes: {str(failure).strip()}")
    finally:
        wire.end()
