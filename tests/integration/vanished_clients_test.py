"""Clients that are gone without a word: found within seconds, whatever was on the way, and closing waits for nobody.

Found means: four seconds after the last packet (adapters/tcp_options.h); asserted is less than ten.
"""

import signal
import socket
import time

import pytest

from lab.chain import Daemon
from lab.clients import start_client
from lab.identity import CLIENT
from lab.network import SERVER_ADDRESS, FarClient
from lab.talk import Talk
from lab.tls_client import read_exactly
from lab.waiting import until

FOUND_WITHIN = 10


@pytest.fixture
def far(programs):
    made = FarClient(programs)
    yield made
    made.close()


@pytest.fixture
def reachable(programs, identity, gateway, far):
    """The daemon, listening on all addresses."""
    return Daemon(programs, identity, gateway.link, listen_address="0.0.0.0")


def connect_from_afar(daemon, far, client=CLIENT, **how):
    with far.inside():
        return daemon.connect(client, address=SERVER_ADDRESS, **how)


def says_and_hears(gateway, connection):
    connection.sendall(b"ping")
    assert gateway.hear_exactly(4) == b"ping"
    gateway.say(b"pong")
    assert read_exactly(connection, 4) == b"pong"


def assert_found_and_replaced(daemon, gateway, cut_at):
    daemon.wait_for_end("client-vanished", timeout=FOUND_WITHIN)
    assert time.monotonic() - cut_at < FOUND_WITHIN
    with daemon.connect("spare") as other:
        other.sendall(b"I am here")
        assert gateway.hear_exactly(9)[-9:] == b"I am here"


def test_a_client_that_is_cut_off_while_idle_is_found(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection:
        says_and_hears(gateway, connection)
        far.cut()
        assert_found_and_replaced(reachable, gateway, time.monotonic())


def test_a_client_that_is_cut_off_while_the_gateway_speaks_now_and_then_is_found(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection, Talk(gateway, 0.2, 7):
        read_exactly(connection, 7)
        far.cut()
        assert_found_and_replaced(reachable, gateway, time.monotonic())


def test_a_client_that_is_cut_off_in_the_middle_of_a_stream_is_found(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection, Talk(gateway, 0.0005, 100):
        read_exactly(connection, 50_000)
        far.cut()
        assert_found_and_replaced(reachable, gateway, time.monotonic())


def test_a_client_that_is_cut_off_while_it_sends_is_found(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection:
        says_and_hears(gateway, connection)
        far.cut()
        cut_at = time.monotonic()
        connection.sendall(b"never arrives")
        assert_found_and_replaced(reachable, gateway, cut_at)


def test_a_cut_of_two_seconds_costs_no_byte(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection:
        says_and_hears(gateway, connection)
        far.cut()
        gateway.say(b"said during the cut")
        connection.sendall(b"asked during the cut")
        time.sleep(2)  # how long the cut lasts
        far.mend()
        assert read_exactly(connection, 19) == b"said during the cut"
        assert gateway.hear_exactly(20) == b"asked during the cut"
        assert "session ended" not in reachable.program.log()


def test_the_same_client_gets_in_at_once_though_its_older_session_was_cut_off(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection:
        says_and_hears(gateway, connection)
        far.cut()
        with reachable.connect() as again:
            reachable.wait_for_end("superseded")
            says_and_hears(gateway, again)


def test_ending_with_a_dead_client_connected_takes_no_time(reachable, gateway, far):
    with connect_from_afar(reachable, far) as connection:
        says_and_hears(gateway, connection)
        far.cut()
        gateway.say(b"on the way" * 100)
        reachable.program.signal(signal.SIGTERM)
        assert reachable.program.wait(3) == 0


def test_a_client_that_vanishes_during_its_handshake_is_forgotten(reachable, gateway, far):
    before = reachable.descriptors()
    with far.inside():
        raw = socket.create_connection((SERVER_ADDRESS, reachable.port))
    with raw:
        raw.sendall(b"\x16\x03\x01\x02\x00\x01")
        until(lambda: reachable.descriptors() > before)
        far.cut()
        reachable.wait_for("connection refused reason=handshake-(timeout|abandoned)", FOUND_WITHIN)
        until(lambda: reachable.descriptors() == before)
    with reachable.connect() as other:
        says_and_hears(gateway, other)


def test_a_killed_process_behind_a_cut_is_found_like_a_cut(programs, reachable, gateway, far):
    client = start_client(programs, reachable, address=SERVER_ADDRESS, prefix=far.command())
    far.cut()
    cut_at = time.monotonic()
    client.signal(signal.SIGKILL)
    assert_found_and_replaced(reachable, gateway, cut_at)
