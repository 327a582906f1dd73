"""What the daemon's scenarios have in common: an identity, a gateway, and the daemon between them and the clients."""

import pytest

from lab.chain import Daemon
from lab.exchanges import Exchanges
from lab.identity import Identity
from lab.pty_gateway import PtyGateway


@pytest.fixture(scope="session")
def identity(tmp_path_factory):
    """Made once: not to be changed. It has two clients, pizwg-client and spare."""
    made = Identity(tmp_path_factory.mktemp("identity") / "root")
    made.add_client("spare")
    return made


@pytest.fixture
def own_identity(identity, tmp_path):
    """A copy for a scenario that changes it."""
    return identity.copy_to(tmp_path / "own-root")


@pytest.fixture
def gateway(tmp_path):
    """A gateway of which the scenario decides every byte."""
    made = PtyGateway(tmp_path / "gateway")
    yield made
    made.close()


@pytest.fixture
def simulated_gateway(programs, tmp_path):
    """pizwg-sim's gateway: its link; faults are told to it on its standard input."""
    link = tmp_path / "stick"
    simulated = programs.start("pizwg-sim", "gateway", "--link", link, name="sim")
    simulated.wait_for("ready link=")
    simulated.link = link
    return simulated


@pytest.fixture
def daemon(programs, identity, gateway):
    """pizwgd, listening on 127.0.0.1 port 3333, with the scenario's gateway."""
    return Daemon(programs, identity, gateway.link)


@pytest.fixture
def busy_session(programs, identity, simulated_gateway):
    """A daemon whose session does exchanges all the time: busy_session.session. None may fail till the end."""
    daemon = Daemon(programs, identity, simulated_gateway.link)
    daemon.session = Exchanges(daemon.connect())
    daemon.session.start()
    try:
        yield daemon
        daemon.session.wait_for_more()
        assert "session ended" not in daemon.program.log()
    finally:
        daemon.session.stop()
