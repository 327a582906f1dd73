"""A client that shows what a laboratory's hosts do, and nothing of its own: a process that keeps one session to the VIP alive and
asks the gateway for its version, one question at a time, PACE seconds after the last answer. A connection is given up
when the other end's kernel has acknowledged nothing for half a second, and a new one is tried at once and then every
0.1 s. A question without an answer is asked again in the same session, as by a driver.

Run as a program: framing_client.py SERVER_CERTIFICATE PEM ADDRESS PORT PACE. On its standard output, one a line, with the
monotonic clock's nanoseconds: "<ns> connected", "<ns> answered", "<ns> lost <why>".
"""

import os
import socket
import ssl
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lab.serial_api import SerialApi, Socket  # noqa: E402

GET_VERSION = 0x15
PATIENCE = 0.5
RETRY = 0.1
CONNECT_LIMIT = 0.3


def say(what):
    os.write(1, f"{time.monotonic_ns()} {what}\n".encode())


class Client:
    def __init__(self, certificate, pem, address, port, pace):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context.load_verify_locations(certificate)
        self._context.load_cert_chain(pem)
        self._peer = (address, int(port))
        self._pace = float(pace)
        self._answered = False  # in this session

    def keep_asking(self):
        at_once = True
        while True:
            if not at_once:
                time.sleep(RETRY)
            at_once = self._one_session()

    def _one_session(self):
        """True when there was one that served."""
        self._answered = False
        try:
            with socket.create_connection(self._peer, CONNECT_LIMIT) as tcp:
                tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(PATIENCE * 1000))
                tcp.settimeout(PATIENCE)
                # Given up, nobody is to be waited for.
                tcp.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                with self._context.wrap_socket(tcp, server_hostname="pizwg-server") as tls:
                    say("connected")
                    self._ask(Socket(tls))
        except OSError as trouble:
            if self._answered:
                say(f"lost {trouble!r}")
        return self._answered

    def _ask(self, line):
        while True:
            try:
                SerialApi(line, timeout=PATIENCE).request(GET_VERSION)
                self._answered = True
                say("answered")
                time.sleep(self._pace)
            except (TimeoutError, AssertionError):  # nothing, or the rest of something older
                continue


if __name__ == "__main__":
    Client(*sys.argv[1:]).keep_asking()
