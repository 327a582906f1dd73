"""Which TLS is spoken: 1.3, and 1.2 with AEAD suites only; no renegotiation, no resumption."""

import contextlib
import socket
import ssl
import subprocess
import threading
import time
import warnings

import pytest

from lab.identity import CLIENT
from lab.openssl_client import KEEP_YOURS, UPDATE_YOURS_TOO, OpensslClient
from lab.tls_client import SERVER, bytes_not_acknowledged, read_exactly, tcp_connect, tls_context
from lab.tls13_records import HANDSHAKE, first_record
from lab.waiting import until


def s_client(daemon, *options, talk="", timeout=20):
    """What `openssl s_client` says; it sends `talk` and leaves at its end."""
    identity = daemon.identity
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{daemon.port}", "-CAfile", identity.server_certificate,
         "-cert", identity.pem(), "-key", identity.pem(), *options],
        input=talk, capture_output=True, text=True, timeout=timeout, check=False)


def attempt(daemon, version, ciphers=None):
    """A handshake with exactly this; the connection, or OpenSSL's reason against it."""
    context = tls_context(daemon.identity)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.1: that is the point
        context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    sock = tcp_connect(daemon.port)
    try:
        return context.wrap_socket(sock, server_hostname=SERVER)
    except ssl.SSLError as error:
        return error.reason


@pytest.mark.parametrize("ciphers", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                     "ECDHE-ECDSA-CHACHA20-POLY1305"])
def test_tls_1_2_with_an_aead_suite_gets_in(daemon, gateway, ciphers):
    with attempt(daemon, ssl.TLSVersion.TLSv1_2, ciphers) as connection:
        assert connection.cipher()[0] == ciphers
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"


@pytest.mark.parametrize("ciphers", ["ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA256"])
def test_tls_1_2_with_a_cbc_suite_is_refused(daemon, ciphers):
    assert attempt(daemon, ssl.TLSVersion.TLSv1_2, ciphers) == "SSLV3_ALERT_HANDSHAKE_FAILURE"
    assert "no shared cipher" in daemon.wait_for_refusal("handshake-failed")


def test_tls_1_2_without_forward_secrecy_is_refused(daemon):
    assert attempt(daemon, ssl.TLSVersion.TLSv1_2, "AES256-GCM-SHA384") == "SSLV3_ALERT_HANDSHAKE_FAILURE"
    daemon.wait_for_refusal("handshake-failed")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1])
def test_tls_1_1_and_older_are_refused(daemon, version):
    # Security level 0, so that it is the daemon that refuses and not the client's own library.
    assert attempt(daemon, version, "ALL:@SECLEVEL=0") == "TLSV1_ALERT_PROTOCOL_VERSION"
    assert "unsupported protocol" in daemon.wait_for_refusal("handshake-failed")


def test_a_client_of_today_speaks_tls_1_3(daemon):
    with daemon.connect() as connection:
        assert connection.version() == "TLSv1.3"


def test_renegotiation_is_refused_and_the_next_client_gets_in(daemon, gateway):
    said = s_client(daemon, "-tls1_2", talk="R\n")
    assert "no renegotiation" in said.stderr, said.stderr
    daemon.wait_for(f"session ended reason=client-(lost|closed) client={CLIENT}")
    with daemon.connect() as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_there_is_no_ticket_and_nothing_is_resumed(daemon, gateway, version):
    context = tls_context(daemon.identity, version=version)
    session = None
    for _ in range(2):
        with context.wrap_socket(tcp_connect(daemon.port), server_hostname=SERVER, session=session) as connection:
            gateway_hears(gateway, connection)
            assert not connection.session_reused
            session = connection.session
            assert not session or (not session.has_ticket and session.id == b"")
            session = None if version == ssl.TLSVersion.TLSv1_3 else session


def gateway_hears(gateway, connection):
    """Both directions once: with TLS 1.3 a ticket would have come before the answer."""
    connection.sendall(b"x")
    assert gateway.hear_exactly(1) == b"x"
    gateway.say(b"y")
    assert read_exactly(connection, 1) == b"y"


def test_early_data_is_not_offered(daemon):
    said = s_client(daemon, "-tls1_3")
    assert "Max Early Data" not in said.stdout
    assert "New Session Ticket" not in said.stdout


def test_the_certificate_shown_is_the_servers_alone(daemon):
    said = s_client(daemon, "-showcerts").stdout
    assert said.count("BEGIN CERTIFICATE") == 1
    assert "0 s:CN = pizwg-server\n" in said


@pytest.mark.parametrize("which", [KEEP_YOURS, UPDATE_YOURS_TOO])
def test_key_updates_leave_the_session_whole(daemon, gateway, which):
    with contextlib.closing(OpensslClient(daemon.identity)) as client:
        for _ in range(200):
            assert client.update_keys(which)
            client.write(b"ping")
            assert gateway.hear_exactly(4) == b"ping"
            gateway.say(b"pong")
            assert client.read_exactly(4) == b"pong"
        assert "session ended" not in daemon.program.log()


def test_half_a_key_update_stops_the_session_but_not_the_processor(daemon, gateway, tmp_path):
    # A handshake message may be split over records. While the daemon waits for the rest, OpenSSL does not let it write,
    # and says that it wants to read.
    context = tls_context(daemon.identity)
    context.keylog_filename = str(tmp_path / "keys")
    with context.wrap_socket(tcp_connect(daemon.port), server_hostname=SERVER) as connection:
        daemon.wait_for("session started")
        half = first_record((tmp_path / "keys").read_text(), HANDSHAKE, b"\x18\x00\x00\x01")
        raw = socket.socket(fileno=connection.detach())
    with raw:
        raw.sendall(half)
        until(lambda: bytes_not_acknowledged(raw) == 0)
        gateway.say(b"for the client")
        before = daemon.wakeups(), daemon.processor_seconds()
        raw.settimeout(2)
        with pytest.raises(TimeoutError):
            raw.recv(65536)
        assert daemon.processor_seconds() - before[1] < 0.5
        assert daemon.wakeups() - before[0] < 1000
        with daemon.connect() as successor:
            daemon.wait_for_end("superseded")
            gateway_hears(gateway, successor)


def test_a_client_that_asks_for_keys_without_end_and_reads_nothing_holds_nobody_up(daemon, gateway):
    # Each request is answered with a record. Unread, the answers fill the way back until the daemon waits for room,
    # and then the requests fill theirs.
    client = OpensslClient(daemon.identity, receive_buffer=4096)
    flood = KeyFlood(client)
    flood.start()
    try:
        until(flood.is_stuck, 30, "the client to be held up")
        with daemon.connect() as successor:  # the same identity: it supersedes, unless the other is given up already
            daemon.wait_for("session ended reason=(superseded|client-vanished|client-stalled)")
            gateway_hears(gateway, successor)
        flood.join(10)
        assert not flood.is_alive()
    finally:
        with contextlib.suppress(OSError):
            client.socket.shutdown(socket.SHUT_RDWR)
        flood.join()
        client.close()


class KeyFlood(threading.Thread):
    """Asks for new keys until the connection breaks."""

    def __init__(self, client):
        super().__init__()
        self.client = client
        self.requests = 0
        self._seen = (-1, 0.0)

    def run(self):
        while self.client.update_keys(UPDATE_YOURS_TOO):
            self.requests += 1

    def is_stuck(self):
        """Whether no request has gone out for half a second."""
        if self._seen[0] != self.requests:
            self._seen = (self.requests, time.monotonic())
        return self.requests > 0 and time.monotonic() - self._seen[1] > 0.5
