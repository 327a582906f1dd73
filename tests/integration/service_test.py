"""The daemon as systemd sees it: readiness, status, watchdog, signals, and no wake-ups without a reason."""

import signal
import time

import pytest

from lab.chain import Daemon
from lab.program import run
from lab.pty_gateway import PtyGateway
from lab.service_manager import ServiceManager
from lab.tls_client import from_address, read_exactly, tcp_connect
from lab.waiting import until


@pytest.fixture
def systemd(tmp_path):
    made = ServiceManager(tmp_path / "notify")
    yield made
    made.close()


def test_ready_is_said_once_and_the_status_says_whether_it_serves(programs, identity, systemd, tmp_path):
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False, environment=systemd.environment)
    systemd.wait_for("READY=1")  # the machine's start does not wait for a gateway
    until(lambda: systemd.status().startswith("no gateway: "))
    gateway = PtyGateway(tmp_path / "stick")
    until(lambda: systemd.status().startswith("ready"))
    tcp_connect().close()
    daemon.wait_until_listening()
    gateway.unplug()
    gateway.plug()
    daemon.wait_for("(?s)gateway left.*gateway opened")
    daemon.program.end()
    assert systemd.told().count("READY=1") == 1
    gateway.close()


def test_without_an_identity_it_says_so(programs, identity, gateway, systemd, tmp_path):
    empty = identity.copy_to(tmp_path / "empty")
    empty.server_key.unlink()
    daemon = Daemon(programs, empty, gateway.link, listening=False, environment=systemd.environment)
    daemon.wait_for("gateway opened")
    until(lambda: systemd.status().startswith("no identity: "))
    assert "ser2net.key\" is missing" in systemd.status()


def test_the_status_follows_what_happens(programs, identity, gateway, systemd):
    daemon = Daemon(programs, identity, gateway.link, environment=systemd.environment, gateway_grace_seconds=1)
    until(lambda: systemd.status() == f"ready, gateway {gateway.link}", what=systemd.status())
    with daemon.connect() as connection:
        serving = f"serving pizwg-client from {from_address(connection)}"
        until(lambda: systemd.status() == serving)
        gateway.unplug()
        until(lambda: systemd.status() == serving + ", waiting for the gateway to come back")
        until(lambda: systemd.status().startswith("no gateway: "))
    gateway.plug()
    until(lambda: systemd.status() == f"ready, gateway {gateway.link}")
    daemon.program.signal(signal.SIGTERM)
    systemd.wait_for("STOPPING=1")


def test_an_abstract_socket_is_spoken_to_as_well(programs, identity, gateway):
    systemd = ServiceManager("\0pizwg-service-test")
    Daemon(programs, identity, gateway.link, environment=systemd.environment)
    systemd.wait_for("READY=1")
    systemd._socket.close()


def test_the_watchdog_is_fed_at_twice_its_rate(programs, identity, gateway, tmp_path):
    systemd = ServiceManager(tmp_path / "notify", watchdog_seconds=0.4)
    Daemon(programs, identity, gateway.link, environment=systemd.environment)
    systemd.wait_for("WATCHDOG=1")
    started, before = time.monotonic(), systemd.told().count("WATCHDOG=1")
    until(lambda: systemd.told().count("WATCHDOG=1") >= before + 10)
    assert 1.5 < time.monotonic() - started < 8  # every 0.2 s, and no sooner; later only where the machine is busy
    systemd.close()


def test_a_frozen_daemon_feeds_no_watchdog(programs, identity, gateway, tmp_path):
    systemd = ServiceManager(tmp_path / "notify", watchdog_seconds=0.2)
    daemon = Daemon(programs, identity, gateway.link, environment=systemd.environment)
    systemd.wait_for("WATCHDOG=1")
    daemon.program.signal(signal.SIGSTOP)
    time.sleep(0.3)  # what is under way arrives
    before = len(systemd.told())
    time.sleep(0.6)
    assert len(systemd.told()) == before
    systemd.close()


@pytest.mark.parametrize("wrong", [{"WATCHDOG_USEC": "soon"}, {"WATCHDOG_USEC": "0"}, {"WATCHDOG_USEC": "-5"},
                                   {"WATCHDOG_USEC": "200000", "WATCHDOG_PID": "1"},
                                   {"NOTIFY_SOCKET": "relative"}, {"NOTIFY_SOCKET": "/" + "x" * 200},
                                   {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nobody/listens"}])
def test_an_environment_that_makes_no_sense_is_no_reason_not_to_serve(programs, identity, gateway, systemd, wrong):
    daemon = Daemon(programs, identity, gateway.link, environment=systemd.environment | wrong)
    with daemon.connect() as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"
    assert "WATCHDOG=1" not in systemd.told()


# --- signals


def test_sigterm_ends_it_at_once_with_a_client_connected(daemon):
    with daemon.connect():
        assert_ends_at_once(daemon)


def test_sigterm_ends_it_at_once_with_silent_strangers_connected(daemon):
    strangers = [tcp_connect(daemon.port) for _ in range(10)]
    assert_ends_at_once(daemon)
    for stranger in strangers:
        stranger.close()


def test_sigterm_ends_it_at_once_with_data_that_nobody_takes(daemon, gateway):
    with daemon.connect(receive_buffer=4096) as connection:
        connection.settimeout(0.3)
        until(lambda: not gateway.say_some(bytes(4096)))
        assert_ends_at_once(daemon)


def test_sigterm_ends_it_at_once_without_a_gateway(programs, identity, tmp_path):
    daemon = Daemon(programs, identity, tmp_path / "stick", listening=False)
    daemon.wait_for("no gateway")
    assert_ends_at_once(daemon)


def assert_ends_at_once(daemon):
    daemon.program.signal(signal.SIGTERM)
    assert daemon.program.wait(3) == 0
    daemon.wait_for("notice: stopping signal=SIGTERM")


def test_sighup_reads_the_identity_again_and_leaves_the_session_alone(programs, own_identity, gateway):
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect() as connection:
        for _ in range(3):
            daemon.program.signal(signal.SIGHUP)
        own_identity.add_client("newcomer")
        daemon.program.signal(signal.SIGHUP)
        daemon.wait_for("identity read allowed_certificates=3")
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"
        assert "session ended" not in daemon.program.log()


def test_lines_for_the_journal_carry_their_priority(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, listening=False, environment={"JOURNAL_STREAM": "8:1"})
    daemon.wait_for("^<5>listening address=127.0.0.1 port=3333$")


# --- wake-ups


def wakeups_in_10_s(daemon):
    before = daemon.wakeups()
    time.sleep(10)  # the time that is measured
    return daemon.wakeups() - before


@pytest.fixture
def memory_in_run(identity):
    """As on a machine: what is written to /run waits for no disk, which would count as going to sleep."""
    folder = identity.root / "run"
    folder.mkdir(exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", folder)
    yield
    run("umount", "--lazy", folder)


def test_idle_and_connected_it_does_not_wake_up(memory_in_run, daemon, gateway):
    with daemon.connect() as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"
        gateway.say(b"y")
        assert read_exactly(connection, 1) == b"y"
        assert wakeups_in_10_s(daemon) <= 4  # one looks whether the last bytes were delivered, one reports them
        assert "session ended" not in daemon.program.log()


def test_idle_and_not_connected_it_does_not_wake_up(daemon):
    assert wakeups_in_10_s(daemon) <= 3
