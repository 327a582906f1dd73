"""Peers that do not speak TLS, or speak it badly. All the while a session goes on without loss."""

import random
import socket
import ssl
import struct

import pytest

from lab.chain import Daemon
from lab.serial_api import SerialApi
from lab.tls_client import SERVER, is_closed, read_to_end, tcp_connect, tls_context, wait_until_closed
from lab.waiting import until

SEED = 20261123


def client_hello(identity):
    """A real one, as it goes over the wire."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = tls_context(identity).wrap_bio(incoming, outgoing, server_hostname=SERVER)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def send_and_hear(daemon, data):
    """Sends what a stranger may send, and returns what came back before the daemon closed."""
    with tcp_connect(daemon.port) as connection:
        try:
            connection.sendall(data)
            return read_to_end(connection)
        except ConnectionError:
            return b""


def is_an_alert(data):
    """Alert records and nothing else: content type 21, version, length 2, level, description."""
    return len(data) % 7 == 0 and all(data[i:i + 5] == b"\x15\x03" + data[i + 2:i + 3] + b"\0\2"
                                      for i in range(0, len(data), 7))


@pytest.mark.parametrize("size", [1, 5, 100, 4096, 100_000])
def test_random_bytes_get_nothing_but_an_alert(busy_session, size):
    said = random.Random(SEED + size).randbytes(size)
    with tcp_connect(busy_session.port) as connection:
        try:
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            answer = read_to_end(connection)
        except ConnectionError:
            answer = b""
    assert is_an_alert(answer), answer
    busy_session.wait_for("connection refused reason=handshake-(failed|abandoned)")
    busy_session.session.wait_for_more()


@pytest.mark.parametrize("request_line", [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n",
                                          b"SSH-2.0-x\r\n", b"\x80\x2e\x01\x00\x02" + bytes(60)],
                         ids=["http", "proxy", "ssh", "ssl2"])
def test_another_protocol_is_turned_away_without_a_byte_of_ours(busy_session, request_line):
    assert is_an_alert(send_and_hear(busy_session, request_line))
    busy_session.wait_for_refusal("handshake-failed")
    busy_session.session.wait_for_more()


def test_half_a_hello_is_waited_for_until_the_deadline_and_no_longer(busy_session):
    hello = client_hello(busy_session.identity)
    with tcp_connect(busy_session.port) as connection:
        connection.sendall(hello[:len(hello) // 2])
        busy_session.session.wait_for_more(100)
        assert not is_closed(connection)
        busy_session.wait_for("connection refused reason=handshake-timeout", timeout=9)
        wait_until_closed(connection)


def test_a_hello_that_drips_does_not_put_the_deadline_off(busy_session):
    hello = client_hello(busy_session.identity)
    with tcp_connect(busy_session.port) as connection:
        drip = iter(hello[:-1])

        def one_more_byte():
            if is_closed(connection):
                return True
            connection.sendall(bytes([next(drip)]))
            return False

        until(one_more_byte, 9, "the daemon to close")
        busy_session.wait_for_refusal("handshake-timeout")


def mutations(hello, count):
    """Seeded: bytes changed, cut out, put in, doubled; the record's length set right every other time."""
    chance = random.Random(SEED)
    for number in range(count):
        data = bytearray(hello)
        for _ in range(chance.choice([1, 1, 2, 5, 20])):
            at = chance.randrange(5, len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at:at + chance.randrange(1, 9)]
                case 2:
                    data[at:at] = chance.randbytes(chance.randrange(1, 9))
                case 3:
                    data[at:at] = data[at:at + chance.randrange(1, 64)]
            if len(data) < 16:
                break
        if number % 2:
            data[3:5] = struct.pack(">H", len(data) - 5)
            data[6:9] = struct.pack(">I", len(data) - 9)[1:]
        yield bytes(data)


def test_400_mutated_hellos_harm_nobody(busy_session):
    hello = client_hello(busy_session.identity)
    before = busy_session.memory()
    for data in mutations(hello, 400):
        with tcp_connect(busy_session.port) as connection:
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)  # or it would wait for more of it until the deadline
                read_to_end(connection)
            except ConnectionError:
                pass
    busy_session.assert_a_client_gets_in_at_once()
    busy_session.session.wait_for_more()
    if not busy_session.is_sanitized():
        assert busy_session.memory() - before < 4 << 20


def test_a_record_larger_than_tls_allows_is_refused(busy_session):
    record = b"\x16\x03\x01" + struct.pack(">H", 0x7FFF) + bytes(0x7FFF)
    assert is_an_alert(send_and_hear(busy_session, record))
    busy_session.wait_for_refusal("handshake-failed")


def test_a_hello_of_16_mebibytes_is_not_waited_for(busy_session):
    # Four bytes announce a handshake message that long; records of 16 KiB then bring it.
    start = b"\x01\xff\xff\xff" + bytes(16380)
    data = b"".join(b"\x16\x03\x01" + struct.pack(">H", len(part)) + part for part in [start] + [bytes(16384)] * 63)
    before = busy_session.memory()
    assert is_an_alert(send_and_hear(busy_session, data))
    busy_session.wait_for_refusal("handshake-failed")
    if not busy_session.is_sanitized():
        assert busy_session.memory() - before < 4 << 20


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_an_oversize_certificate_list_is_refused(busy_session, tmp_path, version):
    pem = tmp_path / "long.pem"
    identity = busy_session.identity
    certificate = (identity.allowed() / "pizwg-client.crt").read_text()
    pem.write_text(identity.pem().read_text() + certificate * 60)  # about 25 KiB of them
    context = tls_context(identity, pem, version)
    with pytest.raises(OSError), context.wrap_socket(tcp_connect(busy_session.port), server_hostname=SERVER) as tls:
        read_to_end(tls)
    assert "excessive message size" in busy_session.wait_for_refusal("handshake-failed")
    busy_session.assert_a_client_gets_in_at_once()


def test_garbage_after_the_handshake_ends_that_session_and_no_more(programs, identity, simulated_gateway):
    daemon = Daemon(programs, identity, simulated_gateway.link)
    connection = daemon.connect()
    raw = socket.socket(fileno=connection.detach())
    with raw:
        raw.sendall(b"\x17\x03\x03\x00\x20" + bytes(32))  # a record that was sealed with no key of ours
        daemon.wait_for_end("client-lost")
        wait_until_closed(raw)
    with SerialApi(daemon.connect()) as api:
        assert api.home_id() == "c0ffee01"


def test_a_thousand_refusals_write_few_lines_into_the_log_and_hide_no_other_reason(busy_session):
    # What a stranger can write into the log is limited, for each reason by itself.
    for _ in range(1000):
        with tcp_connect(busy_session.port) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
    busy_session.assert_a_client_gets_in_at_once()  # which the log must show
    refused = busy_session.program.log().count("connection refused reason=handshake-")
    assert 0 < refused <= 200, f"{refused} lines"
