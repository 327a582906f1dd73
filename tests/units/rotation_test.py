"""Certificates are changed with the commands of docs/operations.md, as they stand there, on two hosts: a session that runs goes
on, and every client gets in all the time."""

import re
from pathlib import Path

import pytest

from lab.journal import Since
from lab.waiting import until

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text()
PINNED, PEM = "/root/pinned.crt", "/root/used.pem"
SESSION = "session started client="


def type_in(machine, block, **words):
    """The commands of a block of the page, one after the other; `words` stand for those in capitals."""
    commands = re.search(rf"<!-- {block}: begin -->\n(.*?)<!-- {block}: end -->", PAGE, re.DOTALL).group(1)
    for command in commands.splitlines():
        for word, value in words.items():
            command = re.sub(rf"\b{word}\b", value, command)
        machine.run("sh", "-c", command)


def spread(machine, other):
    """The backup goes to the other host."""
    other.path("/root/backup.tar").write_bytes(machine.path("/root/backup.tar").read_bytes())
    type_in(other, "on the others")
    for file in ("/etc/ser2net/ser2net.crt", "/etc/ser2net/ser2net.key"):
        assert other.run("cat", file).stdout == machine.run("cat", file).stdout


@pytest.fixture(scope="module")
def other(boot, machine):
    made = boot()
    made.path("/root/backup.tar").write_bytes(machine.path("/root/backup.tar").read_bytes())
    made.run("pizwg", "restore")
    return made


@pytest.fixture(scope="module")
def client(machine):
    """pizwg-connect beside the host, with files of its own: what is copied to a client by hand."""
    machine.run("cp", "/etc/ser2net/ser2net.crt", PINNED)
    machine.run("cp", "/root/pizwg-client.pem", PEM)
    machine.run("systemd-run", "--quiet", "--unit=client", "--property=ExecReload=kill -HUP $MAINPID",
                "--setenv=ASAN_OPTIONS=detect_leaks=0", "pizwg-connect", "127.0.0.1", "--tty", "/run/lab/client",
                "--server-certificate", PINNED, "--client-pem", PEM)
    until(lambda: SESSION + "pizwg-client" in machine.journal(), 20, "a session")


def give(machine, source, to):
    """A file for the client, which takes it up with its next connection."""
    journal = Since(machine, "client")
    machine.run("cp", source, to)
    machine.run("systemctl", "reload", "client")
    journal.wait_for("certificates read again")


def connects_anew(machine, client):
    journal = Since(machine)
    machine.run("systemctl", "restart", "client")
    journal.wait_for(SESSION + client)


@pytest.mark.usefixtures("client")
def test_of_a_client(machine, other):
    journal = Since(machine)
    type_in(machine, "a client's", NEW="kitchen")
    spread(machine, other)
    journal.wait_for("identity read allowed_certificates=2")
    assert "session ended" not in journal.text(), "the session does not notice"
    machine.run("cp", "/root/kitchen.pem", PEM)
    connects_anew(machine, "kitchen")
    assert re.search(r"session +kitchen from", machine.run("pizwg", "status").stdout)
    journal = Since(machine)
    type_in(machine, "the old one", OLD="pizwg-client")
    spread(machine, other)
    journal.wait_for("identity read allowed_certificates=1")
    assert "session ended" not in journal.text()
    assert "revoked" in other.run("pizwg", "client", "list").stdout


@pytest.mark.usefixtures("client")
def test_of_the_server(machine, other):
    until(lambda: machine.property("pizwgd", "StatusText").startswith("serving"))
    old = machine.run("cat", "/etc/ser2net/ser2net.crt").stdout
    journal = Since(machine)
    type_in(machine, "the server's")
    give(machine, "/root/both.crt", PINNED)
    connects_anew(machine, "")  # to the old one
    type_in(machine, "the change")
    until(lambda: "identity read" in journal.text())
    connects_anew(machine, "")  # to the new one
    assert machine.run("cat", "/etc/ser2net/ser2net.crt").stdout != old
    spread(machine, other)
    assert machine.run("stat", "-c", "%U:%G %a", "/etc/ser2net/ser2net.key").stdout == "root:pizwg 640\n"
    give(machine, "/etc/ser2net/ser2net.crt", PINNED)
    connects_anew(machine, "")
    assert machine.run("pizwg", "doctor", check=False).stdout.count("ok       identity ") == 1
