"""Which TCP ports of a host answer: a plain connect scan, all of them, many at a time."""

import errno
import select
import socket
import time


def open_tcp_ports(host, ports=range(1, 65536), at_once=8192, patience=4.0):
    """The ports that accept a connection. A firewall that drops says nothing, so each lot gets `patience` seconds."""
    found = set()
    ports = list(ports)
    for first in range(0, len(ports), at_once):
        found |= _open_among(host, ports[first:first + at_once], patience)
    return found


def _open_among(host, ports, patience):
    address = socket.getaddrinfo(host, 1, type=socket.SOCK_STREAM)[0]
    waiting, found, poll = {}, set(), select.poll()
    for port in ports:
        one = socket.socket(address[0], socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        waiting[one.fileno()] = (one, port)
        result = one.connect_ex((address[4][0], port, *address[4][2:]))
        assert result in (0, errno.EINPROGRESS), (port, result)
        poll.register(one, select.POLLOUT)
    deadline = time.monotonic() + patience
    while waiting and (left := deadline - time.monotonic()) > 0:
        for descriptor, _ in poll.poll(left * 1000):
            one, port = waiting.pop(descriptor)
            poll.unregister(descriptor)
            if one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                found.add(port)
            one.close()
    for one, _ in waiting.values():
        one.close()
    return found


def udp_ports_that_answer(host, ports, patience=4.0):
    """Those whose host says anything at all, and be it that nobody listens there. A firewall that drops says nothing."""
    address = socket.getaddrinfo(host, 1, type=socket.SOCK_DGRAM)[0]
    found, waiting = set(), {}
    for port in ports:
        one = socket.socket(address[0], socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        one.connect((address[4][0], port, *address[4][2:]))
        one.send(b"is anybody there?")
        waiting[one] = port
    deadline = time.monotonic() + patience
    while waiting and (left := deadline - time.monotonic()) > 0:
        for one in select.select(list(waiting), [], [], left)[0]:
            found.add(waiting.pop(one))
            one.close()
    for one in waiting:
        one.close()
    return found
