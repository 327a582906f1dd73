"""`pizwg status` as an operator sees it: of this host, of others through their node exporters, of several at once."""

import contextlib
import json
import re
import socket
import threading
import time
from pathlib import Path

import pytest

from lab.chain import Daemon
from lab.exporter import Exporter
from lab.metrics import Metrics
from lab.program import run
from lab.waiting import until

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def identity(own_identity):
    """Each scenario's own: what the daemon tells lies below its root."""
    return own_identity


def status(identity, *arguments, **options):
    return run("pizwg", "--root", identity.root, "status", *arguments, check=False, **options)


def test_of_a_host_that_serves(daemon, identity):
    with daemon.connect():
        until(lambda: "serving, fit" in status(identity).stdout)
        said = status(identity)
        assert said.returncode == 0 and not said.stderr
        assert re.search(r"^  session +pizwg-client from 127\.0\.0\.1:\d+, for \d+ s$", said.stdout, re.MULTILINE)
        assert "role        standalone" in said.stdout
        assert "\x1b" not in said.stdout
        # The scenario's own path is longer than a device's.
        lines = [line for line in said.stdout.splitlines() if str(identity.root.parent) not in line]
        assert max(map(len, lines)) <= 80


def test_of_a_host_that_is_not_fit_says_what_to_do_and_fails(programs, identity, tmp_path):
    Daemon(programs, identity, tmp_path / "no-such-stick", listening=False).wait_for("no gateway")
    said = status(identity)
    assert said.returncode == 1
    assert "faulty, no-gateway, not fit" in said.stdout
    assert re.search(r"^pizwg: error: \S+ is not fit: faulty, no-gateway$", said.stderr, re.MULTILINE)
    assert "hint: is the gateway plugged in" in said.stderr


def test_without_a_daemon_says_so(identity):
    said = status(identity)
    assert said.returncode == 1 and not said.stdout
    assert said.stderr == ("pizwg: error: pizwgd is not running on this host\n"
                           "pizwg: hint: systemctl status pizwgd says why\n")


def paths(value, prefix=""):
    """Every key of a JSON value with the keys above it: "gateway.open"; a list's elements are "[]"."""
    if isinstance(value, dict):
        return {path for key, inner in value.items() for path in {prefix + key} | paths(inner, f"{prefix}{key}.")}
    if isinstance(value, list):
        return {path for inner in value for path in paths(inner, prefix.removesuffix(".") + "[].")}
    return set()


def test_as_json_has_the_documented_keys(daemon, identity):
    with daemon.connect():
        until(lambda: json.loads(status(identity, "--json").stdout)["session"])
        told = json.loads(status(identity, "--json").stdout)
    page = (REPOSITORY / "docs/status.md").read_text()
    documented = set(re.findall(r"^\| `([\w.\[\]-]+)` \|", page, re.MULTILINE))
    groups = {"sessions.ended.", "sessions.refused.", "gateway.line_errors."}  # documented as a whole: their keys are the log's words
    found = {p for p in paths(told) if not any(p.startswith(g) for g in groups)}
    cluster_only = {p for p in documented if p.startswith("cluster.") or p.startswith("hosts")}
    assert found == documented - cluster_only


def test_is_answered_in_json_on_the_socket_as_well(daemon, identity):
    """For scripts without pizwg: one line asks."""
    with socket.socket(socket.AF_UNIX) as asker:
        asker.connect(str(identity.root / "run/pizwg/control"))
        asker.sendall(b"status\n")
        answer = b"".join(iter(lambda: asker.recv(65536), b"")).decode()
    verdict, _, text = answer.partition("\n")
    assert verdict == "done" and json.loads(text)["state"] == "ready"


def test_an_order_that_a_standalone_host_cannot_carry_out_fails(daemon, identity):
    with socket.socket(socket.AF_UNIX) as asker:
        asker.connect(str(identity.root / "run/pizwg/control"))
        asker.sendall(b"handover\n")
        assert asker.recv(65536).decode().startswith("failed\nthis host is standalone")


def test_of_a_remote_host_is_what_it_says_of_itself(programs, daemon, identity):
    metrics = Metrics(identity.root)
    metrics.wait_for(1, "pizwg_fit")
    exporter = Exporter(programs, metrics.path.parent)
    said = run("pizwg", "status", "--host", exporter.address)
    assert ": ready, fit\n" in said.stdout
    local = json.loads(status(identity, "--json").stdout)
    remote = json.loads(run("pizwg", "status", "--json", "--host", exporter.address).stdout)
    assert remote["certificates"] == local["certificates"]
    assert remote["gateway"]["device"] == local["gateway"]["device"]


def test_of_several_hosts_is_a_table(programs, daemon, identity):
    metrics = Metrics(identity.root)
    metrics.wait_for(1, "pizwg_fit")
    exporter = Exporter(programs, metrics.path.parent)
    hosts = f"{exporter.address},127.0.0.1:1"
    said = run("pizwg", "status", "--host", hosts, check=False)
    assert said.returncode == 1
    assert said.stderr == "pizwg: error: 1 of 2 hosts are not fit\n"
    lines = said.stdout.splitlines()
    assert lines[0].split() == ["host", "state", "role", "fit", "session", "proven"]
    assert lines[1].split()[1:4] == ["ready", "standalone", "yes"]
    assert "Connection refused" in lines[2]
    assert max(len(line) for line in lines) <= 80
    told = json.loads(run("pizwg", "status", "--json", "--host", hosts, check=False).stdout)
    assert [host["asked"] for host in told["hosts"]] == hosts.split(",")
    assert told["hosts"][1]["status"] is None


def test_an_exporter_that_has_nothing_of_pizwg_says_what_to_set(programs, tmp_path):
    exporter = Exporter(programs, tmp_path)
    said = run("pizwg", "status", "--host", exporter.address, check=False)
    assert said.returncode == 1
    assert "its node exporter has nothing of PiZWG" in said.stderr
    assert "--collector.textfile.directory=/run/pizwg/metrics" in said.stderr


@pytest.mark.parametrize("answer, complaint", [
    (b"", "does not speak HTTP"),
    (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
    (b"HTTP/1.0 404 Not Found\r\n\r\nno", 'answers with the status "404"'),
])
def test_who_is_no_exporter_is_found_out(answer, complaint):
    with socket.create_server(("127.0.0.1", 0)) as server:
        watched = StartedStatus(f"127.0.0.1:{server.getsockname()[1]}")
        asker, _ = server.accept()
        with asker:
            asker.recv(4096)
            asker.sendall(answer)
        assert complaint in watched.error()


def test_who_is_silent_is_given_up(programs):
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = run("pizwg", "status", "--host", f"127.0.0.1:{server.getsockname()[1]}", check=False, timeout=30)
        assert said.returncode == 1 and "has not answered in time" in said.stderr


class Liar:
    """Answers a question, says what it was told to for as long as it is heard, and then nothing."""

    def __init__(self, *pieces, pause=0.0):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._serve, args=(pieces, pause), daemon=True).start()

    def _serve(self, pieces, pause):
        with contextlib.suppress(OSError):
            self._heard, _ = self._server.accept()
            self._heard.recv(4096)
            for piece in pieces:
                self._heard.sendall(piece)
                time.sleep(pause)


HEAD = b"HTTP/1.0 200 OK\r\n\r\n"


def test_a_page_without_end_is_given_up(programs):
    said = run("pizwg", "status", "--host", Liar(HEAD, *[b"pizwg_x 1\n" * 6554] * 200).address, check=False, timeout=30)
    assert said.returncode == 1 and "says more than 4194304 bytes" in said.stderr


def test_a_page_that_drips_is_given_up(programs):
    drips = Liar(HEAD, *[b"#"] * 100, pause=0.2)
    said = run("pizwg", "status", "--host", drips.address, check=False, timeout=18)
    assert said.returncode == 1 and "has not answered in time" in said.stderr


def test_a_page_of_lies_moves_no_cursor_and_breaks_no_line(programs):
    evil = b"\x1b[2J" + b"x" * 300
    page = b"\n".join([b'pizwg_report_timestamp_seconds NaN', b'pizwg_host_info{host="%s",mode="cluster"} 1' % evil,
                       b'pizwg_session_info{client="%s",from="%s"} 1' % (evil, evil), b'pizwg_state{state="%s"} 1' % evil,
                       b'pizwg_bytes_total{direction="to-client"} 1e300', b'pizwg_peer_fit{peer="%s"' % evil, b"\xff" * 99])
    said = run("pizwg", "status", "--host", Liar(HEAD, page).address, check=False, timeout=18)
    assert said.returncode == 1, said.stdout
    assert "\x1b" not in said.stdout + said.stderr
    several = run("pizwg", "status", "--host", f"{Liar(HEAD, page).address},127.0.0.1:1", check=False, timeout=18)
    assert several.returncode == 1 and "\x1b" not in several.stdout


def test_many_who_are_silent_cost_as_long_as_one(programs):
    began = time.monotonic()
    silent = [Liar() for _ in range(8)]
    said = run("pizwg", "status", "--host", ",".join(host.address for host in silent), check=False, timeout=60)
    assert said.stdout.count("has not answered in time") == 8
    assert time.monotonic() - began < 25  # eight times five, one after the other


def test_watches_until_it_is_interrupted(programs, daemon, identity):
    watched = programs.start("pizwg", "--root", identity.root, "status", "--watch", name="watch")
    watched.wait_for(r"(?s)ready, fit.*ready, fit")
    with daemon.connect():
        watched.wait_for("serving, fit")


class StartedStatus:
    """`pizwg status --host`, not waited for."""

    def __init__(self, host):
        import subprocess
        from lab.program import BIN
        self.process = subprocess.Popen([BIN / "pizwg", "status", "--host", host], stderr=subprocess.PIPE, text=True)

    def error(self):
        return self.process.communicate(timeout=30)[1]
