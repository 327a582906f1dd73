"""A real Prometheus scrapes real node exporters on two hosts with real keepalived: every query of the dashboard and every
metric of the rules has data, and an alert fires when nobody serves. With PIZWG_PICTURE=FILE the dashboard is drawn."""

import os
import re
import time

import pytest

from lab.cluster import Cluster
from lab.exporter import start_on
from lab.identity import Identity
from lab.program import BIN, run
from lab.prometheus import Prometheus, expression_of, panels
from lab.switch import NETWORK
from lab.waiting import until

# What a rule looks at: a metric, with its labels where it names some.
SELECTOR = re.compile(r"\b(?:pizwg[_:]\w+|node_time_seconds|up\b)(?:\{[^}]*\})?")
# What this machine's hardware cannot tell.
ABSENT = {"pizwg_under_voltage"}


@pytest.fixture
def cluster(programs, tmp_path):
    identity = Identity(tmp_path / "identity")
    identity.add_client("spare")
    made = Cluster(programs, identity)
    yield made
    made.end()


def is_doctored(host, identity):
    """What the timer does once a day. The identity lies elsewhere than on a host of its own, the daemon's socket not."""
    if not (identity.root / "run").exists():
        (identity.root / "run").symlink_to("/run")
    host.run_inside(BIN / "pizwg", "--root", identity.root, "doctor", "--metrics",
                    "/run/pizwg/metrics/pizwg-doctor.prom", check=False)


def test_every_query_and_every_rule_has_data(programs, cluster):
    master, standby = cluster.start(2, after_session="release")
    run("ip", "address", "add", f"{NETWORK}.1/24", "dev", "lan")
    targets = [start_on(host) for host in cluster.hosts]
    prometheus = Prometheus(programs, targets)
    began = time.time()
    serving = 'pizwg_session_active{instance="%s"} == 1'
    place = {host: f"{NETWORK}.{host.number}:9100" for host in cluster.hosts}
    for host in cluster.hosts:
        is_doctored(host, cluster.identity)

    def await_data(expression, limit=60):
        until(lambda: prometheus.query(expression), limit, expression)

    await_data(serving % place[master])
    until(lambda: master.pizwg("handover", check=False).returncode == 0, what="a handover")
    await_data(serving % place[standby])
    standby.hub.tell("unplug")
    await_data("pizwg_gateway_hang_ups_total > 0")
    standby.hub.tell("plug")
    await_data('pizwg_gateway_open == 1')
    wrong_certificate(cluster)
    await_data('pizwg_connections_refused_total{reason="certificate-unknown"} > 0')
    await_data(serving % place[standby])

    for panel in panels():
        for target in panel["targets"]:
            if panel["title"] != "Alerts":  # there is none yet
                until(lambda: prometheus.has_had(expression_of(target)), 30, f"{panel['title']}: {target['expr']}")
    rules = prometheus.rules()
    assert {rule["health"] for rule in rules} == {"ok"}, rules
    asked = {selector for rule in rules for selector in SELECTOR.findall(rule["query"])}
    assert len(asked) > len(rules)
    assert {selector for selector in asked if not prometheus.has_had(selector)} == ABSENT

    for host in cluster.hosts:
        host.pizwg("maintenance", "on")
    until(lambda: "PizwgNoMaster" in prometheus.firing(), 90, "PizwgNoMaster")
    assert prometheus.has_had('ALERTS{alertname=~"Pizwg.*"}')
    for host in cluster.hosts:
        host.pizwg("maintenance", "off")
    until(lambda: "PizwgNoMaster" not in prometheus.firing(), 60, "PizwgNoMaster is over")
    await_data("pizwg_session_active == 1")
    if "PIZWG_PICTURE" in os.environ:
        from lab.dashboard_picture import draw
        draw(prometheus, began, time.time(), os.environ["PIZWG_PICTURE"])


def wrong_certificate(cluster):
    """A client whose certificate nobody has pinned."""
    from lab.certificates import make_certificate
    stranger = make_certificate(cluster.folder, "stranger")
    run("openssl", "s_client", "-connect", f"{cluster.vip}:3333", "-cert", stranger.pem, "-key", stranger.pem, "-quiet",
        stdin=None, check=False, timeout=20, input="")
