"""An application on one side, a gateway on the other: bytes, outages, and what the application sees of them."""

import os
import signal
import socket
import stat
import time

import pytest

from lab.chain import Daemon
from lab.connect import Application, frame
from lab.program import run
from lab.waiting import until

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))
REPORT = frame(0x04, bytes(range(40)))
STARTED = frame(0x0A, bytes([6, 0, 0x80, 2, 1, 0]))  # what a stick says that has got power


def restart(programs, daemon, gateway, **how):
    """Ends the daemon and starts it anew on the same port."""
    daemon.program.end()
    return Daemon(programs, daemon.identity, gateway.link, name=f"pizwgd-{time.monotonic_ns()}", **how)


def test_bytes_pass_both_ways(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(b"\x06" + REPORT)
    assert application.read_exactly(1 + len(REPORT)) == b"\x06" + REPORT


def test_the_tty_lives_from_start_to_end(programs, daemon, gateway, connect):
    connect = connect()
    tty = os.readlink(connect.tty)
    connect.wait_until_connected()
    application = connect.open()
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("disconnected", after=mark)
    assert application.read(0.1) == b""
    restart(programs, daemon, gateway)
    connect.wait_until_connected(after=mark)
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    application.close()
    assert os.readlink(connect.tty) == tty
    application = connect.open()
    gateway_bytes = b"\x06" + REPORT
    until(lambda: connect.status()["application"], what="the application to be seen")
    gateway.say(gateway_bytes)
    assert application.read_exactly(len(gateway_bytes)) == gateway_bytes
    connect.program.end()
    assert not os.path.lexists(connect.tty)


@pytest.mark.parametrize("cut", [1, 5, len(REPORT) - 1])
def test_half_a_frame_before_a_gap_never_reaches_the_application(programs, daemon, gateway, connect, cut):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    gateway.say(b"\x06")
    assert application.read_exactly(1) == b"\x06"
    mark = connect.mark()
    received = connect.status()["bytes_from_server"]
    gateway.say(REPORT[:cut])
    until(lambda: connect.status()["bytes_from_server"] == received + cut, what="half a frame at pizwg-connect")
    restart(programs, daemon, gateway)
    connect.wait_until_connected(after=mark)
    gateway.say(REPORT)
    assert application.read_exactly(len(REPORT)) == REPORT


def test_half_a_command_waits_for_its_rest(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    application.write(COMMAND[:4])
    assert gateway.hear(0.2) == b""
    application.write(COMMAND[4:])
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_what_is_not_zwave_passes_as_it_comes(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    menu = b"\r\nGecko Bootloader v1.5.1\r\n1. upload gbl\r\nBL > "
    gateway.say(menu)
    assert application.read_exactly(len(menu)) == menu
    block = b"\x01\x03\xfc" + bytes(130)
    application.write(block)
    assert gateway.hear_exactly(len(block)) == block


def test_without_framing_every_byte_passes_at_once(daemon, gateway, connect):
    connect = connect("--framing", "none")
    connect.wait_until_connected()
    application = connect.open()
    application.write(COMMAND[:4])
    assert gateway.hear_exactly(4) == COMMAND[:4]
    gateway.say(REPORT[:7])
    assert application.read_exactly(7) == REPORT[:7]


def test_a_command_of_a_short_outage_is_delivered(programs, daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("disconnected", after=mark)
    restarted = Daemon(programs, daemon.identity, gateway.link, name="again", listening=False)
    application.write(b"\x06" + COMMAND)
    restarted.wait_until_listening()
    connect.wait_until_connected(after=mark)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND  # and not the acknowledgement, which was for what is over


def test_a_command_that_the_driver_has_given_up_is_dropped(programs, daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("disconnected", after=mark)
    application.write(COMMAND)
    written = time.monotonic()
    until(lambda: time.monotonic() > written + 1.6, what="the driver's patience to end")
    restart(programs, daemon, gateway)
    connect.wait_until_connected(after=mark)
    application.write(REPORT)
    assert gateway.hear_exactly(len(REPORT)) == REPORT
    assert connect.status()["bytes_dropped"] >= len(COMMAND)


def test_a_driver_hears_at_the_next_session_that_its_stick_has_started(programs, daemon, gateway, connect):
    """If the stick has ever said so. What was said meanwhile is dropped: now the driver says it again."""
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    gateway.say(STARTED)
    assert application.read_exactly(len(STARTED)) == STARTED
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("disconnected", after=mark)
    application.write(COMMAND)
    restart(programs, daemon, gateway)
    assert application.read_exactly(len(STARTED)) == STARTED
    application.write(b"\x06" + COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND  # once, and not the acknowledgement of what it has not said
    gateway.say(b"\x06")
    assert application.read_exactly(1) == b"\x06"
    application.write(b"\x06")
    assert gateway.hear_exactly(1) == b"\x06"


def test_a_driver_that_opens_its_port_again_hears_it_then_and_once(programs, daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    gateway.say(STARTED)
    assert application.read_exactly(len(STARTED)) == STARTED
    application.close()
    until(lambda: not connect.status()["application"], what="the application to be gone")
    mark = connect.mark()
    restart(programs, daemon, gateway)
    connect.wait_until_connected(after=mark)
    application = connect.open()
    assert application.read_exactly(len(STARTED)) == STARTED
    application.write(b"\x06")
    application.close()
    until(lambda: not connect.status()["application"], what="the application to be gone")
    application = connect.open()
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(REPORT)
    assert application.read_exactly(len(REPORT)) == REPORT


def test_what_comes_while_nobody_has_the_port_open_is_lost(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    gateway.say(REPORT)
    until(lambda: connect.status()["bytes_from_server"] == len(REPORT), what="the report at pizwg-connect")
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    gateway.say(COMMAND)
    assert application.read_exactly(len(COMMAND)) == COMMAND


def test_last_words_before_closing_arrive(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    for _ in range(5):
        application = connect.open()
        application.write(COMMAND)
        application.close()
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_one_application_after_the_other_is_heard(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    for _ in range(300):  # the next one often comes while the one before is still being seen to leave
        application = connect.open()
        application.write(COMMAND)
        application.close()
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_hangup_closes_the_application_and_offers_the_port_anew(programs, daemon, gateway, connect):
    connect = connect("--on-outage", "hangup")
    connect.wait_until_connected()
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    mark = connect.mark()
    daemon.program.end()
    until(lambda: application.read(0.1) is None, what="the hang-up")
    application.close()
    application = connect.open()
    restart(programs, daemon, gateway)
    connect.wait_until_connected(after=mark)
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_hangup_after_a_while(daemon, connect):
    connect = connect("--hangup-after", "1")
    connect.wait_until_connected()
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    daemon.program.end()
    assert application.read(0.3) == b""
    until(lambda: application.read(0.1) is None, what="the hang-up")


def test_who_was_not_seen_to_come_is_heard(daemon, gateway, connect):
    """Two open the port while pizwg-connect has no processor: the kernel tells it of one opening, and of one's leaving."""
    connect = connect()
    connect.wait_until_connected()
    connect.program.signal(signal.SIGSTOP)
    application, other = connect.open(), os.open(connect.tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    os.close(other)
    connect.program.signal(signal.SIGCONT)
    connect.wait_for("application left")
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(REPORT)
    assert application.read_exactly(len(REPORT)) == REPORT


def test_its_settings_are_nobodys_business(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    run("stty", "-F", connect.tty, "sane", "echo", "ixon", "9600", check=False)  # it looks again, and is not pleased
    every_byte = bytes(range(2, 256))
    until(lambda: "-icanon" in run("stty", "-a", "-F", connect.tty).stdout, what="raw settings")
    gateway.say(every_byte)
    assert application.read_exactly(len(every_byte)) == every_byte
    application.write(every_byte)
    assert gateway.hear_exactly(len(every_byte)) == every_byte


def test_the_tty_has_its_mode(daemon, connect):
    connect = connect("--mode", "0640", "--group", "0")
    assert stat.S_IMODE(os.stat(connect.tty).st_mode) == 0o640


def test_a_tcp_port(daemon, gateway, connect):
    connect = connect("--tcp", "127.0.0.1:4000", tty=False)
    connect.wait_until_connected()
    with socket.create_connection(("127.0.0.1", 4000)) as application:
        application.sendall(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND
        gateway.say(REPORT)
        got = b""
        while len(got) < len(REPORT):
            got += application.recv(1000)
        assert got == REPORT
        with socket.create_connection(("127.0.0.1", 4000)) as second:
            second.settimeout(10)
            assert second.recv(1) == b""
    connect.wait_for("application left")
    with socket.create_connection(("127.0.0.1", 4000)) as application:
        application.sendall(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_one_application_at_a_time_whatever_the_port(daemon, gateway, connect):
    connect = connect("--tcp", "127.0.0.1:4000")
    connect.wait_until_connected()
    first = connect.open()
    first.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    with socket.create_connection(("127.0.0.1", 4000)) as second:
        second.settimeout(10)
        assert second.recv(1) == b"", "turned away"
    connect.wait_for("another application is served already")
    first.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    first.close()
    connect.wait_for("application left")
    with socket.create_connection(("127.0.0.1", 4000)) as second:
        second.sendall(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND
        connect.wait_for("application came port=.*4000")
        third = connect.open()
        connect.wait_for("another application is served already.*port=.*/tty")
        mark = connect.mark()
    connect.wait_for("application came port=.*/tty", after=mark)
    third.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_any_free_port_is_said(daemon, gateway, connect):
    connect = connect("--tcp", "127.0.0.1:0", tty=False)
    port = int(connect.wait_for(r"port offered port=\"?tcp 127.0.0.1:([1-9]\d*)").group(1))
    with socket.create_connection(("127.0.0.1", port)) as application:
        until(lambda: connect.status()["application"] == f"tcp 127.0.0.1:{port}", what="its name in the status")
        application.sendall(COMMAND)
        connect.wait_until_connected()


def test_a_crash_leaves_a_link_that_the_next_one_replaces(programs, daemon, connect, tmp_path):
    first = connect()
    first.program.signal(signal.SIGKILL)
    first.program.wait()
    assert os.path.lexists(first.tty)
    second = connect(name="second")
    second.wait_until_connected()
    Application(second.tty).close()
