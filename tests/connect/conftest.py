"""What the scenarios of pizwg-connect have in common: a server with its gateway, and the program between it and an
application."""

import pytest

from lab.chain import Daemon
from lab.connect import Connect
from lab.identity import Identity
from lab.pty_gateway import PtyGateway


@pytest.fixture(scope="session")
def identity(tmp_path_factory):
    """Made once: not to be changed."""
    made = Identity(tmp_path_factory.mktemp("identity") / "root")
    made.add_client("spare")
    return made


@pytest.fixture
def gateway(tmp_path):
    made = PtyGateway(tmp_path / "gateway")
    yield made
    made.close()


@pytest.fixture
def daemon(programs, identity, gateway):
    return Daemon(programs, identity, gateway.link)


@pytest.fixture
def connect(programs, identity, tmp_path):
    """Starts pizwg-connect: connect("--tty", path, …)."""
    return lambda *arguments, **how: Connect(programs, identity, tmp_path, *arguments, **how)


@pytest.fixture
def own_identity(identity, tmp_path):
    """A copy for a scenario that changes it."""
    return identity.copy_to(tmp_path / "own-root")
