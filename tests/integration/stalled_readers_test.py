"""A side that stops reading for a while loses nothing, and finds little that is stale when it goes on."""

import socket
import time

from lab.streams import Check, Stream
from lab.tls_client import bytes_not_acknowledged, bytes_not_read

STALL = 10  # seconds: longer than a dead peer is waited for
MOST_ON_THE_WAY = 64 * 1024


def say_while(gateway, stream, going_on):
    """Says the stream as far as it is taken, as long as going_on(); how much was taken."""
    start = stream.position
    while going_on():
        said = gateway.say_some(stream.peek(4096))
        stream.advance(said)
        if not said:
            time.sleep(0.01)  # the poll interval
    return stream.position - start


def for_seconds(seconds):
    deadline = time.monotonic() + seconds
    return lambda: time.monotonic() < deadline


def receive_until(connection, check, position, timeout=30.0):
    connection.settimeout(timeout)
    while check.position < position:
        data = connection.recv(65536)
        assert data, f"closed after {check.position} of {position} bytes"
        check.arrived(data)


def test_a_client_that_stalls_for_ten_seconds_loses_nothing_and_finds_little(daemon, gateway):
    stream, check = Stream(1), Check(1)
    with daemon.connect(receive_buffer=4096) as connection:
        taken = say_while(gateway, stream, for_seconds(STALL))
        # On the way, not counting the client's own: the daemon's buffers, its socket's, and the tty's.
        assert 4096 < taken - bytes_not_read(connection) <= MOST_ON_THE_WAY
        receive_until(connection, check, stream.position)
        gateway.say(stream.peek(50))  # and it goes on
        stream.advance(50)
        receive_until(connection, check, stream.position)
        assert "session ended" not in daemon.program.log()


def test_a_client_that_stalls_again_and_again_loses_nothing(daemon, gateway):
    stream, check = Stream(2), Check(2)
    with daemon.connect(receive_buffer=4096) as connection:
        for _ in range(5):
            say_while(gateway, stream, for_seconds(1))
            receive_until(connection, check, stream.position)
        assert "session ended" not in daemon.program.log()


def test_a_gateway_that_stalls_for_ten_seconds_loses_nothing_and_finds_little(daemon, gateway):
    stream, check = Stream(3), Check(3)
    with daemon.connect() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        connection.settimeout(0.2)
        going_on = for_seconds(STALL)
        pending = b""
        while going_on():
            pending = pending or stream.peek(1024)
            try:
                connection.sendall(pending)  # the same bytes again when it timed out: TLS finishes the record
                stream.advance(len(pending))
                pending = b""
            except TimeoutError:
                continue
        assert 4096 < stream.position - bytes_not_acknowledged(connection) <= MOST_ON_THE_WAY
        while check.position < stream.position:
            data = gateway.hear()
            assert data, f"nothing more after {check.position} of {stream.position} bytes"
            check.arrived(data)
        assert "session ended" not in daemon.program.log()
