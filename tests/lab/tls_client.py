"""A client as Python's ssl makes one: it checks the server the way socat's cafile and commonname do."""

import contextlib
import fcntl
import os
import socket
import ssl
import struct
import termios

from lab.waiting import until

SERVER = "pizwg-server"


def tls_context(identity, pem=None, version=None):
    """The client's side of TLS with the key and certificate in `pem`; "" for a client without any."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(identity.server_certificate)
    if pem != "":
        context.load_cert_chain(pem or identity.pem())
    if version:
        context.minimum_version = context.maximum_version = version
    return context


def tcp_connect(port=3333, address="127.0.0.1", source=None, timeout=10.0, receive_buffer=None):
    """A TCP connection; `source` is the address that it comes from."""
    sock = socket.socket()
    sock.settimeout(timeout)
    if receive_buffer:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    if source:
        sock.bind((source, 0))
    try:
        sock.connect((address, port))
    except OSError:
        sock.close()
        raise
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def tls_connect(identity, pem=None, version=None, **tcp):
    """A TLS connection after its handshake. With TLS 1.3 the server may still refuse: see `refusal`."""
    sock = tcp_connect(**tcp)
    try:
        return tls_context(identity, pem, version).wrap_socket(sock, server_hostname=SERVER)
    except OSError:
        sock.close()
        raise


def from_address(connection):
    """How the daemon's log calls this connection."""
    host, port = connection.getsockname()[:2]
    return f"{host}:{port}"


def read_to_end(connection, timeout=10.0):
    """All bytes until the peer closes; fails when it does not. A reset or an alert raises."""
    connection.settimeout(timeout)
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


def read_exactly(connection, count, timeout=10.0):
    connection.settimeout(timeout)
    data = bytearray()
    while len(data) < count:
        piece = connection.recv(min(count - len(data), 65536))
        if not piece:
            raise AssertionError(f"closed after {len(data)} of {count} bytes")
        data += piece
    return bytes(data)


def refusal(identity, **how):
    """How the server refuses this client: the alert, as OpenSSL words it. Fails when it gets in, or gets a byte."""
    try:
        with tls_connect(identity, **how) as connection:
            data = read_to_end(connection)
    except ssl.SSLError as error:
        return error.reason
    except ConnectionError as error:
        return str(error)
    assert data == b"", f"bytes instead of an alert: {data!r}"
    return "closed"


def bytes_not_acknowledged(connection):
    """What this side has sent and the peer's kernel has not got yet."""
    return _count(connection, termios.TIOCOUTQ)


def bytes_not_read(connection):
    """What this side's kernel has got and nobody has read."""
    return _count(connection, termios.FIONREAD)


def _count(connection, request):
    return struct.unpack("i", fcntl.ioctl(connection, request, bytes(4)))[0]


def is_closed(connection):
    """Whether the other side has closed or reset this connection, without waiting."""
    raw = connection.fileno()
    if raw < 0:
        return True
    sock = socket.socket(fileno=os.dup(raw))
    try:
        sock.setblocking(False)
        while sock.recv(65536, socket.MSG_PEEK | socket.MSG_DONTWAIT):
            # What is unread may be TLS's own (an alert, a goodbye): the end shows behind it.
            if not sock.recv(65536, socket.MSG_DONTWAIT):
                return True
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        sock.close()


def wait_until_closed(connection, timeout=10.0):
    """Waits for the other side's close or reset. What was unread is gone then."""
    until(lambda: is_closed(connection), timeout, "the connection's end")


@contextlib.contextmanager
def closing_all():
    """A list of connections, all of which are closed in the end."""
    connections = []
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()
