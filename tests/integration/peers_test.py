"""Who gets in: a client whose certificate is pinned, byte for byte. Everybody else gets a TLS alert and no byte."""

import ssl

import pytest

from lab.certificates import EXPIRED, NOT_YET, Certificate, make_certificate
from lab.chain import Daemon
from lab.identity import CLIENT
from lab.tls_client import read_exactly, read_to_end, refusal, tls_connect, wait_until_closed
from lab.waiting import until


@pytest.fixture
def stranger(tmp_path):
    """Makes certificates that are nobody's: stranger("name", valid=..., signer=...)."""
    folder = tmp_path / "strangers"
    folder.mkdir()
    return lambda common_name, **how: make_certificate(folder, common_name, **how)


@pytest.fixture
def refuses(daemon, identity, gateway):
    """Asserts that a certificate is refused: alert for the peer, reason in the log, and nothing for the gateway."""

    def check(pem, alert, reason, version=ssl.TLSVersion.TLSv1_3):
        gateway.say(b"not for strangers")
        mark = daemon.mark()
        assert refusal(identity, pem=pem, version=version) == alert
        line = daemon.wait_for_refusal(reason, after=mark)
        assert gateway.hear(0.1) == b"", "a stranger's bytes reached the gateway"
        assert "session started" not in daemon.program.log()
        return line

    return check


def exchange(gateway, connection):
    connection.sendall(b"ping")
    assert gateway.hear_exactly(4) == b"ping"
    gateway.say(b"pong")
    assert read_exactly(connection, 4) == b"pong"


VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_pinned_certificate_gets_in(daemon, gateway, version):
    with daemon.connect(version=version) as connection:
        exchange(gateway, connection)


def test_a_peer_without_a_certificate_is_refused(refuses):
    refuses("", "TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate-missing")


def test_a_peer_without_a_certificate_is_refused_over_tls_1_2(refuses):
    refuses("", "SSLV3_ALERT_HANDSHAKE_FAILURE", "certificate-missing", ssl.TLSVersion.TLSv1_2)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_unknown_certificate_is_refused(refuses, stranger, version):
    line = refuses(stranger("somebody").pem, "SSLV3_ALERT_BAD_CERTIFICATE", "certificate-unknown", version)
    assert "name=somebody" in line


def test_the_same_common_name_with_another_key_is_refused(refuses, stranger):
    refuses(stranger(CLIENT).pem, "SSLV3_ALERT_BAD_CERTIFICATE", "certificate-unknown")


def test_a_certificate_signed_by_an_allowed_clients_key_is_refused(refuses, stranger, identity, tmp_path):
    signer = Certificate(tmp_path, "signer")
    signer.key.write_text(identity.pem().read_text().partition("-----BEGIN CERTIFICATE")[0])
    signer.certificate.write_text((identity.allowed() / f"{CLIENT}.crt").read_text())
    refuses(stranger(CLIENT, signer=signer).pem, "SSLV3_ALERT_BAD_CERTIFICATE", "certificate-unknown")


def test_a_chain_that_leads_to_an_allowed_certificate_is_refused(refuses, stranger, identity, tmp_path):
    signer = Certificate(tmp_path, "signer")
    allowed = (identity.allowed() / f"{CLIENT}.crt").read_text()
    signer.key.write_text(identity.pem().read_text().partition("-----BEGIN CERTIFICATE")[0])
    signer.certificate.write_text(allowed)
    signed = stranger("leaf", signer=signer)
    signed.pem.write_text(signed.pem.read_text() + allowed)
    refuses(signed.pem, "SSLV3_ALERT_BAD_CERTIFICATE", "certificate-unknown")


def test_the_servers_own_certificate_is_refused_as_a_clients(refuses, identity, tmp_path):
    pem = tmp_path / "server.pem"
    pem.write_text(identity.server_key.read_text() + identity.server_certificate.read_text())
    refuses(pem, "SSLV3_ALERT_BAD_CERTIFICATE", "certificate-unknown")


def test_an_expired_certificate_is_refused_though_it_is_pinned(programs, own_identity, gateway, stranger):
    own_identity.allow("late", stranger("late", valid=EXPIRED))
    daemon = Daemon(programs, own_identity, gateway.link)
    daemon.wait_for("identity read allowed_certificates=3")
    assert refusal(own_identity, pem=own_identity.pem("late")) == "SSLV3_ALERT_CERTIFICATE_EXPIRED"
    daemon.wait_for_refusal("certificate-expired")


def test_a_certificate_that_is_not_valid_yet_gets_in(programs, own_identity, gateway, stranger):
    # Hosts have no clock at boot, and somebody pinned it: it is the clock that is wrong.
    own_identity.allow("early", stranger("early", valid=NOT_YET))
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect("early") as connection:
        exchange(gateway, connection)


def test_a_revoked_certificate_is_refused(programs, own_identity, gateway):
    own_identity.revoke()
    daemon = Daemon(programs, own_identity, gateway.link)
    assert refusal(own_identity) == "SSLV3_ALERT_CERTIFICATE_REVOKED"
    daemon.wait_for_refusal("certificate-revoked")


def test_revoked_wins_over_allowed(programs, own_identity, gateway):
    text = (own_identity.allowed() / f"{CLIENT}.crt").read_text()
    own_identity.revoke()
    (own_identity.allowed() / f"{CLIENT}.crt").write_text(text)
    daemon = Daemon(programs, own_identity, gateway.link)
    assert refusal(own_identity) == "SSLV3_ALERT_CERTIFICATE_REVOKED"
    daemon.wait_for_refusal("certificate-revoked")


def test_revoking_ends_the_live_session_at_once(programs, own_identity, gateway):
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect() as connection:
        exchange(gateway, connection)
        own_identity.revoke()
        daemon.wait_for_end("revoked")
        assert read_to_end(connection) == b""
    assert refusal(own_identity) == "SSLV3_ALERT_CERTIFICATE_REVOKED"


def test_removing_the_certificate_ends_the_live_session_too(programs, own_identity, gateway):
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect() as connection:
        (own_identity.allowed() / f"{CLIENT}.crt").unlink()
        daemon.wait_for_end("revoked")
        wait_until_closed(connection)
    assert refusal(own_identity) == "SSLV3_ALERT_BAD_CERTIFICATE"


def test_revoking_one_client_leaves_the_other_ones_session_alone(programs, own_identity, gateway):
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect("spare") as connection:
        own_identity.revoke()
        daemon.wait_for("identity read allowed_certificates=1 revoked_certificates=1")
        exchange(gateway, connection)


def test_a_client_that_is_added_gets_in_without_a_restart(programs, own_identity, gateway):
    daemon = Daemon(programs, own_identity, gateway.link)
    own_identity.add_client("newcomer")
    daemon.wait_for("identity read allowed_certificates=3")
    with daemon.connect("newcomer") as connection:
        exchange(gateway, connection)


@pytest.mark.parametrize("content", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n", "\0" * 5000])
def test_one_clients_broken_certificate_does_not_lock_out_the_others(programs, own_identity, gateway, content):
    (own_identity.allowed("spare") / "spare.crt").write_text(content)
    daemon = Daemon(programs, own_identity, gateway.link)
    daemon.wait_for("warning: a client's certificate is left out: .*spare.crt")
    with daemon.connect() as connection:
        exchange(gateway, connection)


def test_a_link_or_a_folder_in_a_certificates_place_does_not_lock_out_the_others(programs, own_identity, gateway):
    (own_identity.allowed("spare") / "spare.crt").unlink()
    (own_identity.allowed("spare") / "spare.crt").mkdir()
    (own_identity.allowed("spare") / "dangling.crt").symlink_to("nowhere")
    own_identity.revoked("spare").write_text("not a folder")
    daemon = Daemon(programs, own_identity, gateway.link)
    daemon.wait_for("warning: a client's certificate is left out: .*spare.crt")
    daemon.wait_for("warning: a client's certificate is left out: .*revoked_certs")
    with daemon.connect() as connection:
        exchange(gateway, connection)


def renew_server(identity, stranger):
    fresh = stranger("pizwg-server")
    identity.server_key.write_text(fresh.key.read_text())
    identity.server_certificate.write_text(fresh.text())
    return fresh


def test_a_replaced_server_identity_serves_the_next_handshake(programs, own_identity, gateway, stranger):
    daemon = Daemon(programs, own_identity, gateway.link)
    with daemon.connect() as before:
        mark = daemon.mark()
        renew_server(own_identity, stranger)
        daemon.wait_for("identity read", after=mark)
        exchange(gateway, before)  # the session goes on with what it began with
    daemon.wait_for_end("client-closed")
    with daemon.connect() as after:  # which checks the new certificate
        exchange(gateway, after)


def test_a_damaged_server_identity_leaves_the_old_one_in_use(programs, own_identity, gateway, tmp_path):
    whole = own_identity.copy_to(tmp_path / "whole")
    daemon = Daemon(programs, own_identity, gateway.link)
    own_identity.server_certificate.write_text("damaged")
    daemon.wait_for("warning: identity not re-read: ")
    with tls_connect(whole) as connection:
        exchange(gateway, connection)


def test_a_key_that_does_not_belong_to_the_certificate_leaves_the_old_identity_in_use(
        programs, own_identity, gateway, stranger, tmp_path):
    whole = own_identity.copy_to(tmp_path / "whole")
    daemon = Daemon(programs, own_identity, gateway.link)
    own_identity.server_key.write_text(stranger("pizwg-server").key.read_text())
    daemon.wait_for("warning: identity not re-read: ")
    with tls_connect(whole) as connection:
        exchange(gateway, connection)


def test_an_identity_that_comes_later_is_served_without_a_restart(programs, own_identity, gateway, tmp_path):
    empty = own_identity.copy_to(tmp_path / "empty")
    for path in sorted(empty.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    daemon = Daemon(programs, empty, gateway.link, listening=False)
    daemon.wait_for('warning: no identity: .*ser2net.key" is missing')
    for path in sorted(own_identity.root.rglob("*")):
        target = empty.root / path.relative_to(own_identity.root)
        target.mkdir() if path.is_dir() else target.write_bytes(path.read_bytes())
    daemon.wait_until_listening()
    until(lambda: "allowed_certificates=2" in daemon.program.log(), what="both clients")
    with daemon.connect() as connection:
        exchange(gateway, connection)
