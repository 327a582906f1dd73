"""What it costs to have it running: memory, wake-ups, and the time that framing takes."""

import statistics
import time

from lab.connect import frame
from lab.waiting import until

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))


def field(pid, key):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith(key + ":")).split()[1])


def is_sanitized(pid):
    with open(f"/proc/{pid}/maps", encoding="ascii", errors="replace") as maps:
        return "libasan" in maps.read()


def test_an_idle_client_sleeps(daemon, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    slept = [field(connect.pid, "voluntary_ctxt_switches"), time.monotonic()]
    until(lambda: time.monotonic() > slept[1] + 10, timeout=12, what="ten seconds")
    assert field(connect.pid, "voluntary_ctxt_switches") == slept[0]
    application.close()


def test_memory(daemon, gateway, connect):
    """Of its own: the libraries' pages are shared with whoever else uses them. Linked statically it is 7.3 MB in all."""
    connect = connect("--tcp", "127.0.0.1:4000", "--rfc2217", "127.0.0.1:4001")
    connect.wait_until_connected()
    application = connect.open()
    for _ in range(100):
        application.write(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    print(f"RSS {field(connect.pid, 'VmRSS')} KiB, of its own {field(connect.pid, 'RssAnon')} KiB")
    assert is_sanitized(connect.pid) or field(connect.pid, "RssAnon") <= 2 * 1024


def round_trips(application, gateway, count=1000):
    """Of a command and its acknowledgement, in microseconds."""
    times = []
    for _ in range(count):
        began = time.perf_counter()
        application.write(COMMAND)
        gateway.hear_exactly(len(COMMAND))
        gateway.say(b"\x06")
        application.read_exactly(1)
        times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


def test_framing_takes_no_time(programs, daemon, gateway, connect):
    """Printed with -s; asserted loosely, as this machine is not ours alone."""
    medians = {}
    for framing in ("none", "zwave"):
        program = connect("--framing", framing, name=framing)
        program.wait_until_connected()
        application = program.open()
        medians[framing] = round_trips(application, gateway)
        application.close()
        program.program.end()
    print(medians)
    assert medians["zwave"] < 3 * medians["none"]
