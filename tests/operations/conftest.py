"""What these scenarios have in common: hosts in namespaces, whose commands find the daemon's socket."""

import pytest

from lab.cluster import Cluster
from lab.identity import Identity


@pytest.fixture
def identity(tmp_path):
    made = Identity(tmp_path / "identity")
    (made.root / "run").symlink_to("/run")  # the daemon's socket is the host's
    return made


@pytest.fixture
def cluster(programs, identity):
    made = Cluster(programs, identity)
    yield made
    made.end()
