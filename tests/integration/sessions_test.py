"""A session's life: it starts clean, there is one at a time, and it ends with a reason."""

import contextlib
import os
import signal
import socket
import ssl
import threading
import time

import pytest

from lab.chain import Daemon
from lab.clients import start_client, start_socat
from lab.identity import CLIENT
from lab.program import run
from lab.serial_api import SerialApi
from lab.tls_client import (SERVER, read_exactly, read_to_end, tcp_connect, tls_connect, tls_context,
                            wait_until_closed)
from lab.waiting import until


def says_and_hears(gateway, connection):
    connection.sendall(b"ping")
    assert gateway.hear_exactly(4) == b"ping"
    gateway.say(b"pong")
    assert read_exactly(connection, 4) == b"pong"


# --- the clients that people have


def test_the_socat_command_of_the_first_pizwg_works_unchanged(programs, identity, simulated_gateway, tmp_path):
    daemon = Daemon(programs, identity, simulated_gateway.link)
    start_socat(programs, daemon, tmp_path / "ttyUSB254")
    with SerialApi(tmp_path / "ttyUSB254") as api:
        assert api.version().startswith("Z-Wave")
        assert api.home_id() == "c0ffee01"
        assert api.nodes() == [1, 2, 3]
        assert api.set_switch(2, True)
        assert api.switch_is_on(2)


def test_openssl_s_client_is_a_client_too(daemon, gateway):
    identity = daemon.identity
    said = run("openssl", "s_client", "-quiet", "-no_ign_eof", "-verify_return_error", "-verify_hostname", SERVER,
               "-connect", f"127.0.0.1:{daemon.port}", "-CAfile", identity.server_certificate,
               "-cert", identity.pem(), "-key", identity.pem(), input="hello\n")
    assert gateway.hear_exactly(6) == b"hello\n", said.stderr
    daemon.wait_for_end("client-closed")


# --- it starts clean


def test_what_the_gateway_said_before_a_session_is_not_delivered(daemon, gateway):
    gateway.say(b"said to nobody")
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)


def test_what_the_gateway_said_between_two_sessions_is_not_delivered(daemon, gateway):
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
    daemon.wait_for_end("client-closed")
    for _ in range(50):
        gateway.say(b"said to nobody" * 100)  # more than the kernel holds: the daemon drops it all the time
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)


def test_what_the_last_client_had_not_got_through_does_not_reach_the_gateway_in_the_next_session(daemon, gateway):
    with daemon.connect() as first:
        first.settimeout(0.5)
        with contextlib.suppress(TimeoutError):  # the gateway reads nothing: all on the way is full
            while True:
                first.sendall(b"first" * 1000)
        with daemon.connect() as second:
            daemon.wait_for_end("superseded")
            second.sendall(b"SECOND")
            # What the kernel had already taken as sent may be heard; nothing may come from behind that.
            heard = gateway.hear_exactly(6)
            while not heard.endswith(b"SECOND"):
                heard += gateway.hear_exactly(1)
            assert set(heard[:-6]) <= set(b"first")
            assert len(heard) < 10_000
            says_and_hears(gateway, second)


# --- one at a time


def test_the_same_client_supersedes_its_older_session_at_once(daemon, gateway):
    with daemon.connect() as first:
        says_and_hears(gateway, first)
        with daemon.connect() as second:
            daemon.wait_for_end("superseded")
            wait_until_closed(first)
            says_and_hears(gateway, second)


def test_a_frozen_client_is_superseded_by_its_successor(programs, daemon, gateway):
    frozen = start_client(programs, daemon)
    frozen.signal(signal.SIGSTOP)
    with daemon.connect() as second:
        daemon.wait_for_end("superseded")
        says_and_hears(gateway, second)


def test_a_frozen_client_with_data_on_the_way_is_superseded_by_its_successor(programs, daemon, gateway):
    frozen = start_client(programs, daemon)
    frozen.signal(signal.SIGSTOP)
    deadline = time.monotonic() + 10
    while gateway.say_some(b"x" * 4096) and time.monotonic() < deadline:
        pass
    with daemon.connect() as second:
        daemon.wait_for_end("superseded")
        gateway.hear(0)
        second.sendall(b"ping")
        assert gateway.hear_exactly(4) == b"ping"


def test_another_client_is_refused_while_a_session_lives_and_gets_in_afterwards(daemon, gateway):
    with daemon.connect() as first:
        with tls_connect(daemon.identity, pem=daemon.identity.pem("spare")) as other:
            assert read_to_end(other) == b""  # TLS's goodbye, and no byte
            line = daemon.wait_for_refusal("session-busy")
            assert f"{CLIENT} is connected" in line and "name=spare" in line
        says_and_hears(gateway, first)
    daemon.wait_for_end("client-closed")
    with daemon.connect("spare") as other:
        says_and_hears(gateway, other)


def test_a_client_that_is_refused_and_goes_on_sending_reaches_nobody(daemon, gateway):
    with daemon.connect() as first, tls_connect(daemon.identity, pem=daemon.identity.pem("spare")) as other:
        daemon.wait_for_refusal("session-busy")
        with contextlib.suppress(OSError):
            for _ in range(100):
                other.sendall(b"intruder" * 512)
        says_and_hears(gateway, first)
        wait_until_closed(other)


def test_a_hundred_sessions_one_after_the_other_leave_nothing_behind(daemon, gateway):
    with daemon.connect() as connection:
        says_and_hears(gateway, connection)
    until(lambda: "client-closed" in daemon.program.log())
    before = daemon.descriptors()
    for _ in range(100):
        with tls_connect(daemon.identity) as connection:
            connection.sendall(b"x")
            assert gateway.hear_exactly(1) == b"x"
    until(lambda: daemon.program.log().count("session ended") == 101)
    assert daemon.descriptors() == before


# --- its end


def test_a_client_that_sends_and_closes_at_once_loses_no_byte(daemon, gateway):
    said = os.urandom(200_000)
    with daemon.connect() as connection:
        heard = bytearray()
        listening = threading.Thread(target=lambda: heard.extend(gateway.hear_exactly(len(said), 30)))
        listening.start()
        connection.sendall(said)
    listening.join()
    assert heard == said
    daemon.wait_for_end("client-closed")


def test_a_client_that_is_killed_is_gone_at_once(programs, daemon, gateway):
    client = start_client(programs, daemon)
    client.signal(signal.SIGKILL)
    daemon.wait_for(r"session ended reason=client-(closed|lost)", 3)
    with daemon.connect("spare") as other:
        says_and_hears(gateway, other)


def test_a_client_that_resets_the_connection_is_gone_at_once(daemon, gateway):
    connection = daemon.connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()
    daemon.wait_for_end("client-lost", timeout=3)
    with daemon.connect("spare") as other:
        says_and_hears(gateway, other)


def test_a_client_that_half_closes_has_said_all_it_wanted_and_the_session_ends(daemon, gateway):
    with daemon.connect() as connection:
        connection.sendall(b"last words")
        raw = socket.socket(fileno=os.dup(connection.fileno()))
        raw.shutdown(socket.SHUT_WR)
        assert gateway.hear_exactly(10) == b"last words"
        daemon.wait_for_end("client-closed")
        raw.close()


def test_urgent_data_outside_tls_does_no_more_harm_than_to_its_session(daemon, gateway):
    with daemon.connect() as connection:
        raw = socket.socket(fileno=os.dup(connection.fileno()))
        raw.send(b"!", socket.MSG_OOB)
        connection.sendall(b"after")
        # The urgent byte is not part of the stream, so TLS never sees it.
        assert gateway.hear_exactly(5) == b"after"
        before = daemon.wakeups()
        gateway.say(b"still there")
        assert read_exactly(connection, 11) == b"still there"
        assert daemon.wakeups() - before < 50
        raw.close()


def test_a_burst_of_one_byte_records_arrives_whole_and_in_order(daemon, gateway):
    said = bytes(i % 251 for i in range(5000))
    with daemon.connect() as connection:
        for byte in said:
            connection.sendall(bytes([byte]))
        assert gateway.hear_exactly(len(said)) == said


def test_a_session_without_a_byte_ends_at_the_idle_limit(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, idle_limit_seconds=1)
    with daemon.connect() as connection:
        for _ in range(4):  # a byte in either direction is enough
            until_quiet_for(0.4)
            gateway.say(b"x")
            read_exactly(connection, 1)
        assert "session ended" not in daemon.program.log()
        daemon.wait_for_end("idle")
        assert read_to_end(connection) == b""


def until_quiet_for(seconds):
    """The passing of time is what is tested here."""
    time.sleep(seconds)


def test_without_an_idle_limit_there_is_none(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link)
    with daemon.connect() as connection:
        until_quiet_for(3)
        says_and_hears(gateway, connection)
        assert "session ended" not in daemon.program.log()


def test_the_first_bytes_may_come_with_the_end_of_the_handshake(daemon, gateway):
    # The client's last handshake message and its first data in one segment.
    context = tls_context(daemon.identity)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=SERVER)
    with tcp_connect(daemon.port) as raw:
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                raw.sendall(outgoing.read())
                incoming.write(raw.recv(65536))
        tls.write(b"early bird")
        raw.sendall(outgoing.read())
        assert gateway.hear_exactly(10) == b"early bird"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_daemons_own_end_is_said_to_the_client(daemon, how):
    with daemon.connect() as connection:
        daemon.program.signal(how)
        assert read_to_end(connection) == b""
        daemon.wait_for_end("shutdown")
        assert daemon.program.wait(3) == 0
