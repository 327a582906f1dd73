"""A pod as the first PiZWG had it, socat and the node's /dev, goes on working with pizwgd, whatever is wrong with it."""

import os

from lab.connect import Application, frame
from lab.identity import CLIENT
from lab.manifests import Manifests
from lab.waiting import until

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))
REPORT = frame(0x04, bytes(range(40)))


def test_its_socat_serves_an_application(programs, identity, start_daemon, gateway, tmp_path):
    manifests = Manifests("first-pizwg", identity, tmp_path)
    daemon = start_daemon()
    socat = manifests.pod["containers"][0]
    assert socat["securityContext"] == {"privileged": True}
    # Its files are where the host has them, and its /dev is not this machine's.
    container = programs.start("bwrap", "--dev-bind", "/", "/", "--dev", "/dev", "--die-with-parent", "--chdir",
                               identity.root, *socat["command"], *socat["args"], name="socat")
    daemon.wait_for(f"session started client={CLIENT}")
    link = manifests.pod["containers"][1]["env"][0]["value"]
    application = Application(node_of(container, link))
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(REPORT)
    assert application.read_exactly(len(REPORT)) == REPORT
    application.close()


def node_of(container, link):
    """The tty that is called `link` in the container's /dev, by a path of ours."""
    def found():
        with open(f"/proc/{container.pid}/task/{container.pid}/children", encoding="ascii") as children:
            root = f"/proc/{children.read().split()[0]}/root"
        return os.path.islink(root + link) and root + os.readlink(root + link)

    return until(found, what=f"{link} in the container")
