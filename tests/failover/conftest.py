"""What the failover scenarios have in common: an identity, a laboratory with a client, and what is recorded of each. The
client is pizwg-connect with an application that opens its port once. The bench also wants to know how long the hosts
themselves take: PIZWG_LAB_CLIENT=frames is a client that speaks TLS itself."""

import os

import pytest

from lab.cluster import Cluster
from lab.connected_client import ConnectedClient
from lab.identity import Identity
from lab.lasting_client import LastingClient


@pytest.fixture
def identity(tmp_path):
    made = Identity(tmp_path / "identity")
    made.add_client("spare")
    return made


@pytest.fixture
def client_kind():
    return LastingClient if os.environ.get("PIZWG_LAB_CLIENT") == "frames" else ConnectedClient


@pytest.fixture
def cluster(programs, identity, client_kind):
    made = Cluster(programs, identity, client_kind)
    yield made
    made.end()
