"""What the failover scenarios have in common: an identity, a laboratory, and what is recorded of each."""

import pytest

from lab.cluster import Cluster
from lab.identity import Identity


@pytest.fixture
def identity(tmp_path):
    made = Identity(tmp_path / "identity")
    made.add_client("spare")
    return made


@pytest.fixture
def cluster(programs, identity):
    made = Cluster(programs, identity)
    yield made
    made.end()
