"""A tty of the sidecar's in another container of the pod: each has a /dev/pts of its own, and they see each other's processes.
Not by bubblewrap, which gives each a user namespace of its own, and a pod's containers have the same one."""

import sys

import pytest

from lab.connect import frame
from lab.identity import CLIENT
from lab.manifests import Manifests
from lab.program import BIN

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))
REPORT = frame(0x04, bytes(range(40)))
SIDECAR_USER = 65532
OWN_TERMINALS = """
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /dev/pts
mount --bind /dev/pts/ptmx /dev/ptmx
user=$1
shift
exec setpriv --reuid="$user" --regid="$user" --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
# Opens the port, says what it was told to, and tells what it heard.
APPLICATION = """
import os, sys
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
os.write(port, bytes.fromhex(sys.argv[2]))
print("heard", os.read(port, 100).hex(), flush=True)
"""


def beside(user, *command):
    """A container of the pod whose processes and network are the scenario's."""
    return ["unshare", "--mount", "sh", "-euc", OWN_TERMINALS, "container", str(user), *map(str, command)]


@pytest.fixture
def start(users, programs, start_daemon, identity, passable):
    """The sidecar, with its link in a folder that both have."""
    def started(reach):
        start_daemon()
        link = passable / "shared/gateway"
        link.parent.mkdir()
        link.parent.chmod(0o777)
        for file in (identity.server_certificate, identity.pem(CLIENT)):
            (passable / file.name).write_bytes(file.read_bytes())
            (passable / file.name).chmod(0o444)
        program = passable / "pizwg-connect"
        program.write_bytes((BIN / "pizwg-connect-static").read_bytes())
        program.chmod(0o755)
        connect = programs.start(*beside(SIDECAR_USER, program, "192.168.1.254", "--tty", link, "--tty-reach", reach,
                                         "--server-certificate", passable / identity.server_certificate.name,
                                         "--client-pem", passable / identity.pem(CLIENT).name), name="sidecar")
        connect.wait_for("connected server")
        return link

    return started


def open_as(programs, user, link):
    python = [sys.executable, "-c", APPLICATION]
    return programs.start(*beside(user, *python, link, COMMAND.hex()), name=f"application-{user}")


def test_the_same_user_opens_it_in_another_container(programs, start, gateway):
    application = open_as(programs, SIDECAR_USER, start("pod"))
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(REPORT)
    application.wait_for(f"heard {REPORT.hex()}")


def test_another_user_does_not(programs, start):
    application = open_as(programs, 1000, start("pod"))
    assert application.wait() != 0
    assert "Permission denied" in application.log()


def test_a_plain_link_leads_nowhere_there(programs, start):
    application = open_as(programs, SIDECAR_USER, start("machine"))
    assert application.wait() != 0
    assert "No such file or directory" in application.log()


def test_its_manifest_shares_what_that_needs_and_nothing_of_the_node(identity, tmp_path):
    manifests = Manifests("zwave-js-ui", identity, tmp_path, components=["../sidecar", "../sidecar-tty"])
    assert manifests.pod["shareProcessNamespace"] is True
    assert {"name": "pizwg-tty", "mountPath": "/run/pizwg-tty"} in manifests.sidecar["volumeMounts"]
    assert next(v for v in manifests.pod["volumes"] if v["name"] == "pizwg-tty")["emptyDir"]
    assert manifests.sidecar["securityContext"]["runAsUser"] == SIDECAR_USER
