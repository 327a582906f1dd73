"""What the daemon tells the node exporter: at once when it matters, in Prometheus' terms, in the words of the log."""

import os
import re
import signal
import stat
from pathlib import Path

import pytest

from lab.chain import Daemon
from lab.metrics import Metrics, parse
from lab.tls_client import tls_connect
from lab.waiting import until

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def identity(own_identity):
    """Each scenario's own: the metrics lie below its root."""
    return own_identity


@pytest.fixture
def metrics(identity, daemon):
    return Metrics(identity.root)


def test_promtool_finds_nothing_to_complain_of(daemon, metrics):
    metrics.wait_for(1, "pizwg_state", state="ready")
    metrics.check()
    with daemon.connect():
        metrics.wait_for(1, "pizwg_session_active")
        metrics.check()


def test_another_user_can_read_them(daemon, metrics):
    until(metrics.path.exists)
    assert stat.S_IMODE(metrics.path.stat().st_mode) == 0o644
    assert stat.S_IMODE(metrics.path.parent.stat().st_mode) == 0o755


def test_a_session_and_its_end_are_told_at_once(daemon, metrics, gateway):
    with daemon.connect() as connection:
        metrics.wait_for(1, "pizwg_session_active")
        metrics.wait_for(1, "pizwg_state", state="serving")
        address, port = connection.getsockname()
        assert metrics.value("pizwg_session_info", client="pizwg-client", **{"from": f"{address}:{port}"}) == 1
        connection.sendall(b"hello")
        assert gateway.hear_exactly(5) == b"hello"
        gateway.say(b"you")
        assert connection.recv(3) == b"you"
    metrics.wait_for(1, "pizwg_sessions_ended_total", reason="client-closed")
    assert metrics.value("pizwg_bytes_total", direction="from-client") == 5
    assert metrics.value("pizwg_bytes_total", direction="to-client") == 3
    assert metrics.value("pizwg_session_active") == 0
    assert metrics.value("pizwg_last_served_timestamp_seconds") > 1.6e9


def test_a_session_that_takes_the_place_of_another_is_told(daemon, metrics):
    with daemon.connect():
        with daemon.connect():
            metrics.wait_for(1, "pizwg_sessions_ended_total", reason="superseded")
            assert metrics.value("pizwg_sessions_started_total") == 2


def test_refusals_are_counted_with_the_word_of_the_log(daemon, metrics, identity):
    with daemon.connect():
        daemon.assert_a_client_gets_in_at_once()
    metrics.wait_for(1, "pizwg_connections_refused_total", reason="session-busy")


def test_a_gateway_that_leaves_and_returns_is_counted(daemon, metrics, gateway):
    metrics.wait_for(1, "pizwg_gateway_open")
    gateway.unplug()
    metrics.wait_for(0, "pizwg_gateway_open")
    gateway.plug()
    metrics.wait_for(1, "pizwg_gateway_returns_total")
    assert metrics.value("pizwg_gateway_hang_ups_total") == 1


def test_a_gateway_that_stays_away_is_the_same_fault_in_log_metrics_and_status(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, gateway_grace_seconds=1)
    metrics = Metrics(identity.root)
    metrics.wait_for(1, "pizwg_fit")
    gateway.unplug()
    metrics.wait_for(1, "pizwg_fault", fault="gateway-lost")
    metrics.wait_for(1, "pizwg_state", state="faulty")
    assert metrics.value("pizwg_fit") == 0
    assert "gateway lost" in daemon.program.log()
    metrics.check()


def test_counts_and_times_survive_the_daemon(programs, identity, gateway, daemon, metrics):
    with daemon.connect():
        metrics.wait_for(1, "pizwg_session_active")
    metrics.wait_for(1, "pizwg_sessions_ended_total", reason="client-closed")
    served = metrics.value("pizwg_last_served_timestamp_seconds")
    daemon.program.signal(signal.SIGKILL)
    daemon.program.wait()
    Daemon(programs, identity, gateway.link, name="next")
    until(lambda: metrics.value("pizwg_report_timestamp_seconds") > served + 0.001)
    assert metrics.value("pizwg_sessions_ended_total", reason="client-closed") == 1
    assert abs(metrics.value("pizwg_last_served_timestamp_seconds") - served) < 1


def test_where_there_is_a_lasting_place_they_survive_the_machine(programs, identity, gateway, tmp_path):
    (identity.root / "var/lib/pizwg").mkdir(parents=True)
    daemon = Daemon(programs, identity, gateway.link)
    metrics = Metrics(identity.root)
    with daemon.connect():
        metrics.wait_for(1, "pizwg_session_active")
    daemon.wait_for_end("client-closed")
    daemon.program.end()
    (identity.root / "run/pizwg/record").unlink()
    Daemon(programs, identity, gateway.link, name="next")
    metrics.wait_for(1, "pizwg_state", state="ready")
    assert metrics.value("pizwg_sessions_started_total") == 1


def test_a_place_that_cannot_be_written_is_no_reason_not_to_serve(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, metrics_folder="/proc/nowhere")
    daemon.wait_for("no report: cannot make \"/proc/nowhere\"")
    with daemon.connect() as connection:
        connection.sendall(b"x")
        assert gateway.hear_exactly(1) == b"x"
    daemon.wait_for_end("client-closed")
    assert daemon.program.log().count("no report") == 1


def test_none_are_written_where_none_are_wanted(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, metrics_folder="none")
    until((identity.root / "run/pizwg/record").exists)
    assert not (identity.root / "run/pizwg/metrics").exists()
    daemon.program.end()


def test_an_orderly_end_is_the_last_word(daemon, metrics):
    metrics.wait_for(1, "pizwg_state", state="ready")
    daemon.program.end()
    assert metrics.value("pizwg_state", state="stopped") == 1
    assert metrics.value("pizwg_fit") == 0


def test_a_flood_of_changes_is_written_once_a_second(daemon, metrics):
    until(metrics.path.exists)
    written = os.stat(metrics.path).st_ino
    changes = 0
    for _ in range(20):
        with tls_connect(daemon.identity, port=daemon.port):
            pass
        inode = os.stat(metrics.path).st_ino
        changes += inode != written
        written = inode
    daemon.wait_for(r"(?s)(session ended.*){20}")
    assert changes < 20
    metrics.wait_for(20, "pizwg_sessions_started_total")


def test_each_metric_is_documented_and_nothing_else(metrics):
    """docs/metrics.md against the source: the machine that runs this cannot tell all of them."""
    source = "".join((REPOSITORY / "src/core" / file).read_text() for file in ("metrics.cpp", "health_text.cpp"))
    written = dict(re.findall(r'family\("(pizwg_\w+)",\s+(?:MetricType::)?(gauge|counter)', source))
    page = (REPOSITORY / "docs/metrics.md").read_text()
    documented = dict(re.findall(r"^\| `(pizwg_\w+)[^`]*` \| (gauge|counter) \|", page, re.MULTILINE))
    assert documented == written
    until(metrics.path.exists)
    assert {name for name, _ in parse(metrics.text())} <= written.keys()
