"""A card that nobody has put a key on, as with the first PiZWG: a password that everybody knows, and how that ends."""

import pytest

from lab.appliance import CONFIG, SSH
from lab.program import run
from lab.terminal import converse
from lab.waiting import until

# Here somebody does type.
OPTIONS = [word for setting in SSH[3::2] for word in ("-o", setting)]
CHOSEN = "a word of their own 7"


def by_password(host, *command, password, program=("ssh",), more=()):
    return converse([*program, *OPTIONS, *more, f"root@{host.address}", *command],
                    {"'s password: $": password, "Current password: *$": password, "ew password: *$": CHOSEN})


@pytest.fixture(scope="module")
def host(lab):
    booted = lab.host(1, {"hostname": "porch\n", "pizwg.toml": CONFIG})
    until(lambda: "ssh" in run("ssh-keyscan", booted.address, check=False).stdout, 600, "an SSH server")
    return booted


def test_the_first_login_wants_another_password(host):
    _, shown = by_password(host, password="root", more=["-tt"])
    assert "expired" in shown and "updated successfully" in shown, shown
    assert by_password(host, "true", password=CHOSEN)[0] == 0


def test_a_key_and_setup_end_it(host, lab):
    (lab.folder / ".ssh").mkdir()
    status, shown = by_password(host, password=CHOSEN, program=("env", f"HOME={lab.folder}", "ssh-copy-id"), more=["-i", lab.key])
    assert status == 0, shown
    assert host.ssh("passwd --status root").stdout.split()[1] == "P"
    assert host.ssh("test -e /data/writable", check=False).returncode == 0
    said = host.ssh("pizwg setup").stdout
    assert "Logging in with a password is off" in said and "read-only" in said
    assert host.ssh("passwd --status root").stdout.split()[1] == "L"
    assert host.ssh("touch /etc/file", check=False).returncode != 0


def test_nobody_gets_in_by_password_any_more(host):
    said = run("ssh", *SSH, "-o", "PubkeyAuthentication=no", f"root@{host.address}", "true", check=False).stderr
    assert "(publickey)" in said
