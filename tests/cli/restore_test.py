"""pizwg restore: takes archives of every PiZWG, and nothing else; a bad one changes no file."""

import io
import subprocess
import tarfile

import pytest

from lab.program import run
from lab.roots import (ALLOWED, BACKUP, CLIENT_PEM, MEMBERS, SERVER_CERTIFICATE, SERVER_KEY, everything, files,
                       fingerprint, make_as_the_first_pizwg_did, pizwg, refused)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A root that setup made; read it only."""
    folder = tmp_path_factory.mktemp("made")
    pizwg(folder, "setup")
    return folder


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


def member(name, content=b"", **fields):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, content


def whole(made):
    """The members of a good archive."""
    return [member(name, (made / name).read_bytes()) for name in MEMBERS]


def archive(path, members, form=tarfile.USTAR_FORMAT):
    with tarfile.open(path, "w", format=form) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return path


def test_takes_the_backup_where_it_is_expected(made, root):
    (root / "root").mkdir()
    (root / BACKUP).write_bytes((made / BACKUP).read_bytes())
    result = run("pizwg-restore", "--root", root)
    assert files(root) == files(made)
    assert fingerprint(made / SERVER_CERTIFICATE) in result.stdout


def test_takes_any_file_and_refreshes_the_backup(made, root, tmp_path):
    (tmp_path / "any.tar").write_bytes((made / BACKUP).read_bytes())
    pizwg(root, "restore", tmp_path / "any.tar")
    assert files(root) == files(made)


@pytest.mark.parametrize("algorithm, prefix", [("rsa", ""), ("rsa", "./"), ("ec", "")])
def test_takes_an_archive_as_the_first_pizwg_made_it(root, tmp_path, algorithm, prefix):
    old = make_as_the_first_pizwg_did(tmp_path / "old", algorithm=algorithm, prefix=prefix)
    pizwg(root, "restore", old)
    for name in MEMBERS:
        assert (root / name).read_bytes() == (tmp_path / "old/tree" / name).read_bytes()
    assert {path: mode for path, (mode, _) in files(root).items()} == {
        SERVER_KEY: 0o600, SERVER_CERTIFICATE: 0o644, CLIENT_PEM: 0o600, ALLOWED: 0o644, BACKUP: 0o600}
    assert run("tar", "-tf", root / BACKUP).stdout.split() == MEMBERS


def test_takes_an_archive_of_whole_folders(made, root, tmp_path):
    run("tar", "-C", made, "--exclude=backup.tar", "-cf", tmp_path / "x.tar", "./etc", "./root", "./usr")
    pizwg(root, "restore", tmp_path / "x.tar")
    assert files(root) == files(made)


def test_what_is_in_place_already_is_fine(made, root):
    pizwg(root, "restore", made / BACKUP)
    before = {path: (root / path).stat().st_ino for path in files(root)}
    assert "in place already" in pizwg(root, "restore", made / BACKUP).stdout
    assert before == {path: (root / path).stat().st_ino for path in files(root)}


def test_an_interrupted_restore_is_finished_by_the_next(made, root):
    pizwg(root, "restore", made / BACKUP)
    (root / CLIENT_PEM).unlink()
    (root / SERVER_KEY).chmod(0o644)
    pizwg(root, "restore", made / BACKUP)
    assert files(root) == files(made)


def test_another_identity_is_replaced_by_force_only_and_kept(made, root):
    pizwg(root, "setup")
    pizwg(root, "client", "add", "ha")
    before = files(root)
    message = refused(root, "restore", made / BACKUP)
    assert "another identity" in message and "--force" in message
    assert files(root) == before
    pizwg(root, "restore", "--force", made / BACKUP)
    after = files(root)
    replaced = after.pop("root/backup.tar.replaced")
    assert after == files(made)
    assert replaced == before[BACKUP]


def test_the_keys_of_strangers_are_left_alone(made, root):
    (root / "root").mkdir()
    (root / "root" / "other.pem").write_text("not ours")
    pizwg(root, "restore", made / BACKUP)
    assert (root / "root" / "other.pem").read_text() == "not ours"
    assert "root/other.pem" not in run("tar", "-tf", root / BACKUP).stdout


def other_key():
    return run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256").stdout.encode()


def replaced(made, name, content):
    return [member(info.name, content if info.name == name else old) for info, old in whole(made)]


BAD = {
    "a stranger": (lambda made: [*whole(made), member("etc/passwd", b"x")], '"etc/passwd"'),
    "an ssh key": (lambda made: [*whole(made), member("root/.ssh/authorized_keys", b"x")], "authorized_keys"),
    "a path that climbs": (lambda made: [*whole(made), member("../x.crt", b"x")], '"../x.crt"'),
    "a path that climbs inside": (lambda made: [*whole(made), member("root/../root/x.pem", b"x")], "root/../root/x.pem"),
    "an absolute path": (lambda made: [*whole(made), member("/" + SERVER_KEY, b"x")], f'"/{SERVER_KEY}"'),
    "a symbolic link": (lambda made: [*whole(made), member("root/ha.pem", type=tarfile.SYMTYPE, linkname="/etc/shadow")],
                        "is a link"),
    "a hard link": (lambda made: [*whole(made), member("root/ha.pem", type=tarfile.LNKTYPE, linkname=SERVER_KEY)],
                    "is a link"),
    "a device": (lambda made: [*whole(made), member("root/ha.pem", type=tarfile.CHRTYPE, devmajor=1, devminor=3)],
                 "neither a file nor a folder"),
    "a fifo": (lambda made: [*whole(made), member("root/ha.pem", type=tarfile.FIFOTYPE)], "neither a file nor a folder"),
    "a strange folder": (lambda made: [member("home", type=tarfile.DIRTYPE), *whole(made)], '"home'),
    "a member twice": (lambda made: [*whole(made), member("./" + SERVER_KEY, (made / SERVER_KEY).read_bytes())],
                       "is there twice"),
    "a large member": (lambda made: [*whole(made), member("root/ha.pem", b"x" * 65537)], "larger than 65536 bytes"),
    "many members": (lambda made: [*whole(made), *[member("etc", type=tarfile.DIRTYPE)] * 300], "more than 256 members"),
    "a large archive": (lambda made: [*whole(made), *[member(f"root/a{i}.pem", b"x" * 65536) for i in range(70)]],
                        "larger than 4194304 bytes"),
    "no server key": (lambda made: [m for m in whole(made) if m[0].name != SERVER_KEY], f'"{SERVER_KEY}" is missing'),
    "no server certificate": (lambda made: [m for m in whole(made) if m[0].name != SERVER_CERTIFICATE],
                              f'"{SERVER_CERTIFICATE}" is missing'),
    "nothing": (lambda made: [], "is missing"),
    "another server key": (lambda made: replaced(made, SERVER_KEY, other_key()), "do not belong together"),
    "another client key": (lambda made: replaced(made, CLIENT_PEM, other_key() + (made / ALLOWED).read_bytes()),
                           "do not belong together"),
    "a client that is not allowed": (lambda made: replaced(made, ALLOWED, (made / SERVER_CERTIFICATE).read_bytes()),
                                     "not among the allowed ones"),
    "a client's key without a pin": (lambda made: [m for m in whole(made) if m[0].name != ALLOWED],
                                     "not among the allowed ones"),
    "no key in the key file": (lambda made: replaced(made, SERVER_KEY, b"garbage"), "no usable private key"),
    "an empty certificate": (lambda made: replaced(made, SERVER_CERTIFICATE, b""), "no certificate"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("in_place", ["empty", "another identity"])
def test_a_bad_archive_changes_nothing(made, root, tmp_path, name, in_place):
    make, message = BAD[name]
    if in_place == "another identity":
        pizwg(root, "setup")
    before = everything(root)
    error = refused(root, "restore", "--force", archive(tmp_path / "bad.tar", make(made)))
    assert message in error and str(tmp_path / "bad.tar") in error
    assert everything(root) == before


def test_extended_headers_are_refused(made, root, tmp_path):
    members = whole(made)
    members[0][0].pax_headers = {"path": "etc/passwd"}
    assert "pax" in refused(root, "restore", archive(tmp_path / "pax.tar", members, tarfile.PAX_FORMAT))
    assert everything(root) == {}


def test_sparse_members_are_refused(made, root, tmp_path):
    tree = tmp_path / "tree"
    run("cp", "-a", made, tree)
    with open(tree / SERVER_KEY, "r+b") as key:
        key.seek(40000)
        key.write(b"x")
        key.truncate(60000)
    run("tar", "-C", tree, "--sparse", "--hole-detection=raw", "-cf", tmp_path / "sparse.tar", *MEMBERS)
    assert "neither a file nor a folder" in refused(root, "restore", tmp_path / "sparse.tar")
    assert everything(root) == {}


@pytest.mark.parametrize("program", ["gzip", "bzip2", "xz"])
def test_a_compressed_archive_is_refused_and_told_how_to_unpack(made, root, tmp_path, program):
    packed = subprocess.run([program, "-c", made / BACKUP], check=True, capture_output=True).stdout
    (tmp_path / "packed").write_bytes(packed)
    message = refused(root, "restore", tmp_path / "packed")
    assert f"compressed ({program})" in message and "unpack it first" in message
    assert everything(root) == {}


def test_an_archive_cut_short_anywhere_is_refused(made, root, tmp_path):
    content = (made / BACKUP).read_bytes()
    used = len(content.rstrip(b"\0"))
    for size in range(0, used, 700):
        (tmp_path / "cut.tar").write_bytes(content[:size])
        refused(root, "restore", tmp_path / "cut.tar")
    assert everything(root) == {}


@pytest.mark.parametrize("content", [b"", b"\0" * 10240, b"hello\n", bytes(range(256)) * 40])
def test_what_is_no_archive_is_refused(root, tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    refused(root, "restore", tmp_path / "x")
    assert everything(root) == {}


def test_a_file_that_is_not_there_is_an_error_with_a_hint(root, tmp_path):
    assert "pizwg restore FILE" in refused(root, "restore")
    refused(root, "restore", tmp_path / "absent.tar")
    refused(root, "restore", tmp_path)
    refused(root, "restore", "/dev/zero")
    assert everything(root) == {}
