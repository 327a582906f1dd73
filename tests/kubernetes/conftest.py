"""What the scenarios of the container have in common: a server with its gateway where the manifests expect it, and the image."""

import shutil
import tempfile
from pathlib import Path

import pytest

from lab.chain import Daemon
from lab.container import Container
from lab.identity import Identity
from lab.manifests import Manifests
from lab.oci import Image, make_layout
from lab.program import run
from lab.pty_gateway import PtyGateway

# Of the manifests, for the user to change.
HOST = "192.168.1.254"


@pytest.fixture(scope="session")
def identity(tmp_path_factory):
    return Identity(tmp_path_factory.mktemp("identity") / "root")


@pytest.fixture(scope="session")
def layout(tmp_path_factory):
    return make_layout(tmp_path_factory.mktemp("oci") / "layout")


@pytest.fixture
def passable():
    """A folder that other users can pass through; pytest's own cannot be."""
    folder = Path(tempfile.mkdtemp(prefix="pizwg-pod-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def image(layout, passable):
    return Image(layout).unpack(passable / "root")


@pytest.fixture
def gateway(tmp_path):
    made = PtyGateway(tmp_path / "gateway")
    yield made
    made.close()


@pytest.fixture
def host():
    """The host's address is on this machine, in a network that has nothing else."""
    run("ip", "address", "add", f"{HOST}/32", "dev", "lo")
    yield HOST
    run("ip", "address", "del", f"{HOST}/32", "dev", "lo")


@pytest.fixture
def users():
    """There are others than root, as they are on a machine, and are not for a user who makes himself a namespace."""
    if not any(int(line.split()[2]) > 65532 for line in open("/proc/self/uid_map", encoding="ascii")):
        pytest.skip("no other user in this namespace")


@pytest.fixture
def start_daemon(programs, identity, gateway, host):
    return lambda name="pizwgd": Daemon(programs, identity, gateway.link, listen_address=host, name=name)


@pytest.fixture
def start_sidecar(users, programs, identity, image, tmp_path, passable):
    def start(overlay, host=HOST):
        manifests = Manifests(overlay, identity, tmp_path, {HOST: host})
        return Container(programs, manifests, manifests.sidecar, image, passable)

    return start
