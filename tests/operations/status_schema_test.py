"""`pizwg status --json` of a cluster's hosts, and of several at once, against the tables of docs/status.md: the keys, all of
them, and their types."""

import json
import re
from pathlib import Path

import pytest

from lab.cluster import Cluster
from lab.exporter import start_on
from lab.identity import Identity
from lab.program import run
from lab.switch import NETWORK
from lab.waiting import until

PAGE = (Path(__file__).parents[2] / "docs/status.md").read_text()
TYPES = dict(re.findall(r"^\| `([\w.\[\]]+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
IS = {"text": lambda value: isinstance(value, str),
      "time": lambda value: isinstance(value, str) and TIME.fullmatch(value),
      "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
      "true": lambda value: value is True,
      "false": lambda value: value is False,
      "object": lambda value: isinstance(value, dict),
      "list": lambda value: isinstance(value, list),
      "null": lambda value: value is None}
# An object whose keys are the words of the log.
WORDS = {"sessions.ended", "sessions.refused", "gateway.line_errors"}


@pytest.fixture
def cluster(programs, tmp_path):
    made = Cluster(programs, Identity(tmp_path / "identity"))
    yield made
    made.end()


def check(value, path, seen):
    """A value against the page, and what is in it; the keys that were there are added to `seen`."""
    seen.add(path)
    assert any(IS[name](value) for name in re.split(", | or ", TYPES[path].strip())), (path, value)
    if path in WORDS and value:
        assert all(IS["number"](count) for count in value.values())
    elif isinstance(value, dict):
        for key, inner in value.items():
            check(inner, f"{path}.{key}", seen)
    elif isinstance(value, list):
        for element in value:
            for key, inner in element.items():
                check(inner, f"{path}[].{key}", seen)


def test_every_key_is_there_and_of_its_type(cluster):
    master, standby = cluster.start()
    run("ip", "address", "add", f"{NETWORK}.1/24", "dev", "lan")
    places = [start_on(host) for host in cluster.hosts]
    until(lambda: master.pizwg("handover", check=False).returncode == 0, what="a handover")
    cluster.settle()
    seen = set()
    for host in (master, standby):
        until(lambda: json.loads(host.pizwg("status", "--json").stdout)["cluster"]["peers"])
        for key, value in json.loads(host.pizwg("status", "--json").stdout).items():
            check(value, key, seen)
    # What a pty's driver does not count is null there.
    assert {path for path in TYPES if not path.startswith("hosts")} == seen
    several = json.loads(run("pizwg", "status", "--json", "--host", ",".join([*places, "127.0.0.1:1"]), check=False).stdout)
    assert {path for path in TYPES if path.startswith("hosts")} == check_hosts(several)


def check_hosts(several):
    """Their status is "all of the above"."""
    seen = {"hosts"}
    for host in several["hosts"]:
        for key, value in (host.pop("status") or {}).items():
            check(value, key, set())
        for key, value in {**host, "status": None}.items():
            check(value, f"hosts[].{key}", seen)
    return seen
