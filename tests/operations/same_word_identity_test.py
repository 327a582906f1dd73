"""A fault of the identity has one word: in the log, in status (of the host and of others), in doctor, in the metrics."""

from lab.certificates import EXPIRED, make_certificate
from lab.told import await_metric, finds, status


def test_of_a_host_without_an_identity(cluster, identity):
    kept = identity.server_key.read_text()
    identity.server_key.unlink()
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "unprovisioned")
    await_metric(host, 1, "pizwg_state", state="unprovisioned")
    assert "unprovisioned, not fit" in status(host)
    finds(host, "error", "daemon", "this host is not fit: unprovisioned")
    finds(host, "error", "identity", "the identity is not whole: ")
    identity.server_key.write_text(kept)
    cluster.await_state(host, "ready")


def test_of_an_identity_whose_key_is_not_its_certificates(cluster, identity, tmp_path):
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "ready")
    identity.server_key.write_text(make_certificate(tmp_path, "pizwg-server").key.read_text())
    host.await_log("do not belong together")
    finds(host, "error", "identity", "the identity is not whole: key and certificate do not belong together")


def test_of_a_certificate_that_has_expired(cluster, identity, tmp_path):
    identity.allow("late", make_certificate(tmp_path, "late", valid=EXPIRED))
    host, = cluster.add_hosts(1)
    host.power_on()
    cluster.await_state(host, "ready")
    host.run_inside("openssl", "s_client", "-connect", "127.0.0.1:3333", "-cert", identity.pem("late"), "-key",
                    identity.pem("late"), "-quiet", check=False, timeout=20, input="")
    host.await_log("reason=certificate-expired")
    cluster.client.start()  # refusals are told with the next change, or within a minute
    await_metric(host, 1, "pizwg_connections_refused_total", reason="certificate-expired")
    assert "certificate-expired 1" in status(host)
    assert "late until 2021-01-01" in status(host)
    finds(host, "error", "certificates", "expired: late until 2021-01-01")
