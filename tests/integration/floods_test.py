"""Many connections that come to nothing: a client gets in at once all the same, and a session does not feel it."""

import resource
import threading

import pytest

from lab.chain import Daemon
from lab.exchanges import Exchanges
from lab.tls_client import closing_all, is_closed, read_exactly, tcp_connect, tls_connect
from lab.waiting import until

MOST_UNAUTHENTICATED = 64
# What the daemon has open beside them: standard streams, event loop, listener, gateway, signals, inotify, a session.
OTHER_DESCRIPTORS = 20


@pytest.fixture(autouse=True)
def many_descriptors():
    """For this process: each of its connections needs one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def open_silent(count, port, connections, source=None):
    for _ in range(count):
        connections.append(tcp_connect(port, source=source))


def still_open(connections):
    return [c for c in connections if not is_closed(c)]


def test_1000_silent_connections_are_held_by_their_peers_only(busy_session):
    before = busy_session.memory()
    with closing_all() as silent:
        open_silent(1000, busy_session.port, silent)
        busy_session.session.wait_for_more()
        busy_session.assert_a_client_gets_in_at_once()  # from the very address that floods
        assert busy_session.descriptors() <= MOST_UNAUTHENTICATED + OTHER_DESCRIPTORS
        assert len(still_open(silent)) <= MOST_UNAUTHENTICATED
        if not busy_session.is_sanitized():
            assert busy_session.memory() - before < 4 << 20
        # Those that were let in have the deadline of everybody.
        until(lambda: not still_open(silent), 15, "the last silent connection's end")
    until(lambda: busy_session.descriptors() <= OTHER_DESCRIPTORS, what="all descriptors back")


class HalfOpenHandshakes(threading.Thread):
    """Connection after connection that sends the first half of a ClientHello, and stays."""

    def __init__(self, port, count):
        super().__init__()
        self.port, self.count = port, count
        self.connections = []

    def run(self):
        for _ in range(self.count):
            connection = tcp_connect(self.port)
            self.connections.append(connection)
            try:
                connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
            except ConnectionError:
                pass


def test_500_half_open_handshakes_keep_nobody_out(busy_session):
    flood = HalfOpenHandshakes(busy_session.port, 500)
    flood.start()
    try:
        until(lambda: len(flood.connections) > 100 or not flood.is_alive())
        busy_session.session.wait_for_more()
        flood.join()
        busy_session.assert_a_client_gets_in_at_once()
        assert busy_session.descriptors() <= MOST_UNAUTHENTICATED + OTHER_DESCRIPTORS
        busy_session.session.wait_for_more()
    finally:
        flood.join()
        for connection in flood.connections:
            connection.close()


def test_a_client_gets_in_while_connections_go_on_arriving_from_another_address(busy_session):
    ending = threading.Event()

    def flood():
        with closing_all() as arriving:
            while not ending.is_set() and len(arriving) < 5000:
                arriving.append(tcp_connect(busy_session.port, source="127.0.0.2"))

    flooding = threading.Thread(target=flood)
    flooding.start()
    try:
        for _ in range(5):
            busy_session.assert_a_client_gets_in_at_once()
        busy_session.session.wait_for_more()
    finally:
        ending.set()
        flooding.join()


def test_a_flood_from_one_source_pushes_out_only_its_own(busy_session):
    with closing_all() as quiet, closing_all() as flood:
        open_silent(5, busy_session.port, quiet, source="127.0.0.2")
        open_silent(300, busy_session.port, flood, source="127.0.0.3")
        until(lambda: len(still_open(flood)) <= MOST_UNAUTHENTICATED - 5, what="the flood's oldest to be dropped")
        assert len(still_open(quiet)) == 5
        busy_session.wait_for("connection refused reason=too-many-connections from=127.0.0.3:")
        assert "too-many-connections from=127.0.0.2" not in busy_session.program.log()


def start_with_few_descriptors(programs, identity, device):
    """Fewer than connections that it would hold: accept() fails with EMFILE."""
    return Daemon(programs, identity, device, prefix=["prlimit", "--nofile=40"])


def test_out_of_descriptors_it_backs_off_and_recovers(programs, identity, simulated_gateway):
    daemon = start_with_few_descriptors(programs, identity, simulated_gateway.link)
    session = Exchanges(daemon.connect())
    session.start()
    with closing_all() as silent:
        open_silent(60, daemon.port, silent)
        daemon.wait_for("warning: cannot accept connections")
        session.wait_for_more()
        before = daemon.wakeups()
        session.wait_for_more()
        assert daemon.wakeups() - before < 10_000  # no busy loop: some wake-ups for each exchange
    until(lambda: daemon.descriptors() < 30, 15, "descriptors to be free again")
    daemon.assert_a_client_gets_in_at_once()
    session.stop()
    assert daemon.program.log().count("cannot accept connections") < 5


def test_out_of_descriptors_an_identity_that_changes_is_still_noticed(programs, own_identity, gateway):
    daemon = start_with_few_descriptors(programs, own_identity, gateway.link)
    with closing_all() as silent:
        open_silent(60, daemon.port, silent)
        daemon.wait_for("warning: cannot accept connections")
        mark = daemon.mark()
        own_identity.add_client("newcomer")
        daemon.wait_for("identity", after=mark)  # it has looked, and may not have been able to read
    daemon.wait_for("identity read allowed_certificates=3", 20)
    with daemon.connect("newcomer") as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"


def test_a_full_backlog_of_closed_connections_is_worked_off(daemon, gateway):
    for _ in range(500):
        tcp_connect(daemon.port).close()
    with tls_connect(daemon.identity) as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"
        gateway.say(b"y")
        assert read_exactly(connection, 1) == b"y"
