"""pizwg provision: puts checked files on a card's boot partition, and nothing on anything else."""

import shutil

import pytest

from lab.program import run
from lab.roots import BACKUP, pizwg

AT = 1024 * 1024

pytestmark = pytest.mark.skipif(not shutil.which("mcopy") or not shutil.which("sfdisk"),
                                reason="needs mtools and fdisk, as making images does")


@pytest.fixture
def card(tmp_path):
    """A small card with the partitions of the image's beginning."""
    disk = tmp_path / "card.img"
    with open(disk, "wb") as file:
        file.truncate(8 * 1024 * 1024)
    run("sfdisk", "--quiet", disk, input="label: dos\nstart=1MiB, type=c\n")
    run("mformat", "-i", f"{disk}@@{AT}", "-T", str((8 * 1024 * 1024 - AT) // 512), "-h", "16", "-s", "63", "::")
    run("mmd", "-i", f"{disk}@@{AT}", "::/pizwg")
    return disk


@pytest.fixture
def key(tmp_path):
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key")
    return tmp_path / "key"


def on_card(card, name):
    return run("mtype", "-i", f"{card}@@{AT}", f"::/pizwg/{name}").stdout


def is_empty(card):
    return run("mdir", "-b", "-i", f"{card}@@{AT}", "::/pizwg").stdout.strip() == ""


def provision(card, *arguments, status=0):
    result = run("pizwg", "provision", card, *arguments, check=False)
    assert result.returncode == status, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_everything_at_once(card, key, tmp_path):
    pizwg(tmp_path, "setup")
    config = tmp_path / "some.toml"
    config.write_text('role = "cluster"\n')
    said = provision(card, "--ssh-key", f"{key}.pub", "--backup", tmp_path / BACKUP, "--config", config, "--hostname", "attic")
    assert "put the card into its host" in said
    assert on_card(card, "authorized_keys").startswith("ssh-ed25519 ")
    assert on_card(card, "hostname") == "attic\n"
    assert on_card(card, "pizwg.toml") == config.read_text()
    run("mcopy", "-i", f"{card}@@{AT}", "::/pizwg/backup.tar", tmp_path / "back.tar")
    assert (tmp_path / "back.tar").read_bytes() == (tmp_path / BACKUP).read_bytes()


def test_without_a_key_it_warns(card):
    assert "the password of root" in provision(card, "--hostname", "attic")


def test_a_private_key_does_not_get_onto_a_card(card, key):
    assert f"{key}\": it is a private key" in provision(card, "--ssh-key", key, status=1)
    assert is_empty(card)


@pytest.mark.parametrize("option, content", [("--ssh-key", "hello"), ("--backup", "hello"), ("--config", "hello = 1\n"),
                                             ("--config", ""), ("--backup", "")])
def test_bad_files_are_refused_before_anything_is_written(card, tmp_path, option, content):
    file = tmp_path / "file"
    file.write_text(content)
    assert str(file) in provision(card, "--hostname", "attic", option, file, status=1)
    assert is_empty(card)


def test_a_card_that_lost_its_power_while_it_was_written_to_is_refused(card):
    with open(card, "r+b") as file:
        file.seek(AT + 37)  # FAT12's mark
        file.write(b"\x01")
    said = provision(card, "--hostname", "attic", status=1)
    assert "when its power went" in said and "fsck.fat -a" in said
    assert is_empty(card)


@pytest.mark.parametrize("name", ["Attic", "-a", "a.b", "x" * 64])
def test_bad_host_names_are_refused(card, name):
    provision(card, f"--hostname={name}", status=1)
    assert is_empty(card)


def test_what_is_no_card_is_left_alone(tmp_path):
    file = tmp_path / "image.img.xz"
    file.write_bytes(b"\xfd7zXZ" + bytes(4096))
    said = provision(file, "--hostname", "attic", status=1)
    assert "no PiZWG card" in said and "xz --decompress" in said
    assert file.read_bytes() == b"\xfd7zXZ" + bytes(4096)


def test_a_card_of_something_else_is_left_alone(card):
    run("mrd", "-i", f"{card}@@{AT}", "::/pizwg")
    assert "is it a PiZWG card" in provision(card, "--hostname", "attic", status=1)


def test_nothing_to_put_is_a_mistake(card):
    provision(card, status=2)
