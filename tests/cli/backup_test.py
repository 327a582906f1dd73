"""pizwg backup: a plain archive, an encrypted one that openssl opens, and never one that could not be restored."""

import os
import pty
import select
import termios

import pytest

from lab.program import BIN, run
from lab.roots import BACKUP, CLIENT_PEM, ENCRYPTED, MEMBERS, SERVER_KEY, everything, pizwg, refused
from lab.waiting import until

PASSPHRASE = "correct horse battery"


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "root"
    folder.mkdir()
    pizwg(folder, "setup")
    return folder


@pytest.fixture
def passphrase_file(tmp_path):
    path = tmp_path / "passphrase"
    path.write_text(PASSPHRASE + "\n")
    return path


def test_the_same_identity_gives_the_same_bytes(root):
    first = (root / BACKUP).read_bytes()
    (root / BACKUP).unlink()
    run("pizwg-backup", "--root", root)
    assert (root / BACKUP).read_bytes() == first
    assert (root / BACKUP).stat().st_mode & 0o7777 == 0o600


def test_the_archive_belongs_to_root_and_to_no_time_or_machine(root):
    listed = run("tar", "--numeric-owner", "--full-time", "--utc", "-tvf", root / BACKUP).stdout.splitlines()
    assert [line.split()[-1] for line in listed] == MEMBERS
    assert all(" 0/0 " in line and "2020-01-01 00:00:00" in line for line in listed)


def test_can_be_written_elsewhere(root, tmp_path):
    pizwg(root, "backup", "--output", tmp_path / "copy.tar")
    assert (tmp_path / "copy.tar").read_bytes() == (root / BACKUP).read_bytes()
    assert (tmp_path / "copy.tar").stat().st_mode & 0o7777 == 0o600


def test_without_an_identity_there_is_nothing_to_back_up(tmp_path):
    assert "no identity" in refused(tmp_path, "backup")
    assert everything(tmp_path) == {}


def test_an_identity_that_could_not_be_restored_is_not_backed_up(root):
    (root / SERVER_KEY).write_text(run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                                       "ec_paramgen_curve:P-256").stdout)
    before = everything(root)
    assert "do not belong together" in refused(root, "backup")
    assert everything(root) == before


def test_openssl_opens_the_encrypted_one_as_its_first_lines_say(root, passphrase_file, tmp_path):
    pizwg(root, "backup", "--encrypt", "--passphrase-file", passphrase_file)
    content = (root / ENCRYPTED).read_text()
    assert (root / ENCRYPTED).stat().st_mode & 0o7777 == 0o600
    command = next(line for line in content.splitlines() if line.startswith("openssl ")).split()
    places = {"FILE": str(root / ENCRYPTED), "backup.tar": str(tmp_path / "opened.tar"), "PASSPHRASE": PASSPHRASE}
    run(*[places.get(word, word) for word in command])
    assert (tmp_path / "opened.tar").read_bytes() == (root / BACKUP).read_bytes()


def test_openssl_and_pizwg_notice_a_wrong_passphrase(root, passphrase_file, tmp_path):
    pizwg(root, "backup", "--encrypt", "--passphrase-file", passphrase_file)
    assert run("openssl", "cms", "-decrypt", "-inform", "PEM", "-in", root / ENCRYPTED, "-out", tmp_path / "x",
               "-pwri_password", "wrong", check=False).returncode != 0
    (tmp_path / "wrong").write_text("incorrect horse\n")
    assert "wrong passphrase" in refused(root, "restore", root / ENCRYPTED, "--passphrase-file", tmp_path / "wrong")


def test_openssl_and_pizwg_notice_damage(root, passphrase_file, tmp_path):
    pizwg(root, "backup", "--encrypt", "--passphrase-file", passphrase_file)
    for where in (0.4, 0.9):
        damaged = bytearray((root / ENCRYPTED).read_bytes())
        place = int(len(damaged) * where)
        damaged[place] = ord("B") if damaged[place] == ord("A") else ord("A")
        (tmp_path / "damaged").write_bytes(damaged)
        assert run("openssl", "cms", "-decrypt", "-inform", "PEM", "-in", tmp_path / "damaged", "-out", tmp_path / "x",
                   "-pwri_password", PASSPHRASE, check=False).returncode != 0
        assert "damaged" in refused(root, "restore", tmp_path / "damaged", "--passphrase-file", passphrase_file)


@pytest.mark.parametrize("content, message", [("", "no passphrase"), ("\nsecond line\n", "no passphrase"),
                                              ("short\n", "too short"), ("x" * 5000, "more than")])
def test_a_useless_passphrase_file_is_refused(root, tmp_path, content, message):
    (tmp_path / "passphrase").write_text(content)
    before = everything(root)
    assert message in refused(root, "backup", "--encrypt", "--passphrase-file", tmp_path / "passphrase")
    assert everything(root) == before


def test_a_passphrase_file_without_encryption_is_a_mistake(root, passphrase_file):
    assert "--encrypt" in refused(root, "backup", "--passphrase-file", passphrase_file, status=2)


def test_without_a_terminal_it_does_not_read_standard_input(root):
    message = refused(root, "backup", "--encrypt", input=PASSPHRASE + "\n", start_new_session=True)
    assert "no terminal" in message and "--passphrase-file" in message


def converse(root, arguments, answers):
    """Runs pizwg on a terminal of its own and answers its questions; its status, and all that the terminal showed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(BIN / "pizwg", ["pizwg", "--root", str(root), *arguments])
    shown = b""
    answers = list(answers)
    asked = 0
    while True:
        ready, _, _ = select.select([terminal], [], [], 30)
        assert ready, f"pizwg says nothing more after {shown}"
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # its end of the terminal is closed
            break
        if not chunk:
            break
        shown += chunk
        if shown.count(b"assphrase of the backup: ") > asked and answers:
            asked += 1
            # OpenSSL asks, and then turns the echo off.
            until(lambda: not termios.tcgetattr(terminal)[3] & termios.ECHO, what="a terminal without echo")
            os.write(terminal, answers.pop(0).encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown.decode()


def test_the_passphrase_is_asked_for_twice_and_never_shown(root, passphrase_file):
    status, shown = converse(root, ["backup", "--encrypt"], [PASSPHRASE, PASSPHRASE])
    assert status == 0, shown
    assert shown.count("assphrase of the backup") == 2 and PASSPHRASE not in shown
    pizwg(root, "restore", root / ENCRYPTED, "--passphrase-file", passphrase_file)


def test_two_different_passphrases_make_no_backup(root):
    status, shown = converse(root, ["backup", "--encrypt"], [PASSPHRASE, PASSPHRASE + "x"])
    assert status == 1 and "error: " in shown
    assert not (root / ENCRYPTED).exists()


def test_restore_asks_once(root, passphrase_file, tmp_path):
    pizwg(root, "backup", "--encrypt", "--passphrase-file", passphrase_file)
    (tmp_path / "other").mkdir()
    status, shown = converse(tmp_path / "other", ["restore", str(root / ENCRYPTED)], [PASSPHRASE])
    assert status == 0 and shown.count("assphrase of the backup") == 1, shown
    assert (tmp_path / "other" / CLIENT_PEM).read_bytes() == (root / CLIENT_PEM).read_bytes()
