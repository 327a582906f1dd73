"""Full rate, both ways at once: nothing lost, nothing changed, nothing added."""

import os
import select
import ssl
import threading
import time

import pytest

from lab.chain import Daemon
from lab.streams import Check, Stream

SECONDS = 10 if os.environ.get("PIZWG_QUICK") else 60


def pump(connection, stream, check, seconds):
    """Sends the stream and checks what comes, for so long; then waits until `check` has caught up with `stream`.

    One thread with select(), because a TLS connection must not be read and written by two at once.
    """
    connection.setblocking(False)
    deadline = time.monotonic() + seconds
    pending = b""
    while True:
        sending = time.monotonic() < deadline or pending
        if not sending and check.position == stream.position:
            return
        assert time.monotonic() < deadline + 30, f"{stream.position - check.position} bytes did not come back"
        select.select([connection], [connection] if sending else [], [], 1.0)
        pending = send_some(connection, stream, pending) if sending else b""
        receive_some(connection, check)


def send_some(connection, stream, pending):
    pending = pending or stream.peek(8192)
    try:
        sent = connection.send(pending)
    except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
        return pending  # the same bytes have to be offered again
    stream.advance(sent)
    return b""


def receive_some(connection, check):
    try:
        while data := connection.recv(65536):
            check.arrived(data)
        raise AssertionError("the session ended")
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        pass


def test_a_minute_at_full_rate_through_the_simulated_gateways_echo_is_whole(programs, identity, tmp_path):
    echo = programs.start("pizwg-sim", "gateway", "--link", tmp_path / "stick", "--echo", name="sim")
    echo.wait_for("ready link=")
    daemon = Daemon(programs, identity, tmp_path / "stick")
    with daemon.connect() as connection:
        stream, check = Stream(11), Check(11)
        pump(connection, stream, check, SECONDS)
        assert check.position == stream.position > 1_000_000
        assert "session ended" not in daemon.program.log()


class GatewayPump(threading.Thread):
    """The gateway's end: says one stream and checks another, until told to stop."""

    def __init__(self, gateway, stream, check):
        super().__init__()
        self.gateway, self.stream, self.check = gateway, stream, check
        self.speaking, self.ending, self.failure = True, False, None

    def run(self):
        try:
            while not self.ending:
                if self.speaking:
                    self.stream.advance(self.gateway.say_some(self.stream.peek(4096)))
                if data := self.gateway.hear(0 if self.speaking else 0.05):
                    self.check.arrived(data)
        except Exception as failure:  # noqa: BLE001 told by the scenario
            self.failure = failure


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_two_independent_streams_at_full_rate_are_whole(daemon, gateway, version):
    with daemon.connect(version=version) as connection:
        to_gateway, from_gateway = (Stream(21), Check(21)), (Stream(22), Check(22))
        far_end = GatewayPump(gateway, from_gateway[0], to_gateway[1])
        far_end.start()
        try:
            pump_both(connection, to_gateway, from_gateway, far_end, seconds=5)
        finally:
            far_end.ending = True
            far_end.join()
        assert far_end.failure is None, far_end.failure
        assert to_gateway[0].position == to_gateway[1].position > 100_000
        assert from_gateway[0].position == from_gateway[1].position > 100_000


def pump_both(connection, to_gateway, from_gateway, far_end, seconds):
    connection.setblocking(False)
    deadline = time.monotonic() + seconds
    pending = b""
    while not far_end.failure:
        sending = time.monotonic() < deadline or pending
        far_end.speaking = time.monotonic() < deadline
        if not sending and all(check.position == stream.position for stream, check in (to_gateway, from_gateway)):
            return
        assert time.monotonic() < deadline + 30, "not all arrived"
        select.select([connection], [connection] if sending else [], [], 0.1)
        pending = send_some(connection, to_gateway[0], pending) if sending else b""
        receive_some(connection, from_gateway[1])
