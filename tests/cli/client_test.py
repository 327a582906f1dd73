"""pizwg client: identities added and revoked one by one, each in the backup at once."""

import pytest

from lab.program import run
from lab.roots import ALLOWED, BACKUP, CLIENT_PEM, SERVER_KEY, everything, files, fingerprint, pizwg, refused

HA_PEM = "root/ha.pem"
HA_ALLOWED = "usr/share/ser2net/auth/ha/allowed_certs/ha.crt"
HA_REVOKED = "usr/share/ser2net/auth/ha/revoked_certs"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    pizwg(folder, "setup")
    return folder


def members(root):
    return run("tar", "-tf", root / BACKUP).stdout.split()


def listing(root):
    """State and fingerprint of every certificate, by client."""
    words = pizwg(root, "client", "list").stdout.split("\n")
    return [(*words[i].split()[:2], words[i + 1].strip()) for i in range(0, len(words) - 1, 2)]


def test_added_it_has_a_key_a_pinned_certificate_and_a_place_in_the_backup(root):
    before = files(root)
    result = pizwg(root, "client", "add", "ha")
    after = files(root)
    assert sorted(set(after) - set(before)) == [HA_PEM, HA_ALLOWED]
    assert (after[HA_PEM][0], after[HA_ALLOWED][0]) == (0o600, 0o644)
    assert after[HA_PEM][1].endswith(after[HA_ALLOWED][1])
    assert {HA_PEM, HA_ALLOWED} <= set(members(root))
    assert str(root / HA_PEM) in result.stdout and "backup" in result.stdout
    assert "CN = ha" in run("openssl", "x509", "-in", root / HA_ALLOWED, "-noout", "-subject").stdout


def test_what_does_not_change_is_not_written(root):
    before = {path: (root / path).stat().st_ino for path in (SERVER_KEY, CLIENT_PEM, ALLOWED)}
    pizwg(root, "client", "add", "ha")
    assert before == {path: (root / path).stat().st_ino for path in before}


def test_the_list_has_every_certificate(root):
    pizwg(root, "client", "add", "ha", "--not-after", "2030-01-31")
    assert listing(root) == [("ha", "allowed", fingerprint(root / HA_ALLOWED)),
                             ("pizwg-client", "allowed", fingerprint(root / ALLOWED))]
    assert "ha  allowed  until 2030-01-31" in pizwg(root, "client", "list").stdout


def test_revoked_it_loses_key_and_place_but_is_remembered(root):
    pizwg(root, "client", "add", "ha")
    old = fingerprint(root / HA_ALLOWED)
    certificate = (root / HA_ALLOWED).read_bytes()
    result = pizwg(root, "client", "revoke", "ha")
    assert not (root / HA_PEM).exists() and not (root / HA_ALLOWED).exists()
    kept = list((root / HA_REVOKED).iterdir())
    assert [path.read_bytes() for path in kept] == [certificate]
    assert ("ha", "revoked", old) in listing(root)
    assert str(kept[0].relative_to(root)) in members(root) and HA_PEM not in members(root)
    assert "backup" in result.stdout and result.stderr == ""


def test_added_again_it_has_a_new_certificate_and_the_old_one_stays_revoked(root):
    pizwg(root, "client", "add", "ha")
    first = fingerprint(root / HA_ALLOWED)
    pizwg(root, "client", "revoke", "ha")
    pizwg(root, "client", "add", "ha")
    second = fingerprint(root / HA_ALLOWED)
    assert first != second
    assert listing(root)[:2] == [("ha", "allowed", second), ("ha", "revoked", first)]
    pizwg(root, "client", "revoke", "ha")
    assert {entry[1:] for entry in listing(root)[:2]} == {("revoked", first), ("revoked", second)}


def test_revoking_the_last_one_warns(root):
    result = pizwg(root, "client", "revoke", "pizwg-client")
    assert "pizwg: warning: no client may connect any more" in result.stderr
    other = root.parent / "other"
    other.mkdir()
    assert "no client may connect" in pizwg(other, "restore", root / BACKUP).stderr
    assert files(other) == files(root)


def test_an_interrupted_revocation_counts_and_can_be_finished(root):
    """Between its two steps the certificate is in both folders."""
    pizwg(root, "client", "add", "ha")
    (root / HA_REVOKED).mkdir()
    (root / HA_REVOKED / "x.crt").write_bytes((root / HA_ALLOWED).read_bytes())
    assert [entry[:2] for entry in listing(root)] == [("ha", "revoked"), ("pizwg-client", "allowed")]
    pizwg(root, "client", "revoke", "ha")
    assert not (root / HA_ALLOWED).exists()


def test_all_of_it_survives_backup_and_restore(root, tmp_path):
    pizwg(root, "client", "add", "ha", "--key", "rsa4096")
    pizwg(root, "client", "add", "hall.2")
    pizwg(root, "client", "revoke", "ha")
    other = tmp_path / "other"
    other.mkdir()
    pizwg(other, "restore", root / BACKUP)
    assert files(other) == files(root)
    assert listing(other) == listing(root)


@pytest.mark.parametrize("name", ["", "..", "a/b", "A", "-a", "../../etc/x", "a b", "n" * 64])
def test_a_bad_name_changes_nothing(root, name):
    before = everything(root)
    for command in ("add", "revoke"):
        message = refused(root, "client", command, "--", name)
        assert "bad client name" in message and "a-z" in message
    assert everything(root) == before


def test_mistakes_are_errors_and_change_nothing(root):
    before = everything(root)
    assert "already" in refused(root, "client", "add", "pizwg-client")
    assert "no client \"ha\"" in refused(root, "client", "revoke", "ha")
    assert "NAME is missing" in refused(root, "client", "add", status=2)
    assert everything(root) == before
    pizwg(root, "client", "add", "ha")
    pizwg(root, "client", "revoke", "ha")
    assert "revoked already" in refused(root, "client", "revoke", "ha")


@pytest.mark.parametrize("command", [("add", "ha"), ("list",), ("revoke", "ha")])
def test_without_an_identity_there_are_no_clients(tmp_path, command):
    assert "no identity" in refused(tmp_path, "client", *command)
    assert everything(tmp_path) == {}
