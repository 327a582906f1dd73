"""A side that takes nothing for half a minute is given up. (Until then it loses nothing: stalled_readers_test.py.)"""

import signal
import time

from lab.clients import start_client
from lab.talk import Talk
from lab.waiting import until


def test_a_gateway_that_takes_nothing_is_given_up_at_the_stall_limit_and_a_new_client_gets_in(daemon, gateway):
    with daemon.connect() as connection:
        connection.settimeout(0.2)
        try:
            while True:
                connection.sendall(bytes(4096))
        except TimeoutError:
            pass
        started = time.monotonic()
        daemon.wait_for_end("gateway-stalled", timeout=50)
        assert time.monotonic() - started > 20
    with daemon.connect("spare"):
        pass


def test_a_frozen_client_that_leaves_data_unread_is_given_up_at_the_stall_limit(programs, daemon, gateway):
    # Its kernel goes on answering, so it looks like a reader that stalls, which must lose nothing for a while: 30 s.
    frozen = start_client(programs, daemon)
    frozen.signal(signal.SIGSTOP)
    with Talk(gateway, 0.0005, 100):
        started = time.monotonic()
        daemon.wait_for_end("client-stalled", timeout=50)
        assert time.monotonic() - started > 20
    with daemon.connect("spare") as other:
        other.sendall(b"I am here")
        until(lambda: gateway.hear().endswith(b"I am here"))
