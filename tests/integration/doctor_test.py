"""`pizwg doctor` as an operator sees it, on a host whose files the scenario decides."""

import itertools
import json
import os
import re
import socket
from pathlib import Path

import pytest

from lab.chain import Daemon
from lab.exporter import Exporter
from lab.metrics import Metrics
from lab.program import BIN, run
from lab.waiting import until

REPOSITORY = Path(__file__).parents[2]


LOOKED_AT = ["etc/shadow", "etc/ssh/sshd_config", "proc/meminfo", "proc/net/tcp", "proc/1/mountinfo", "etc/pizwg/pizwg.toml",
             "sys/class/watchdog/watchdog0/state", "sys/class/thermal/thermal_zone0/temp", "proc/device-tree/model",
             "root/backup.tar", "etc/ser2net/ser2net.crt"]


@pytest.fixture
def host(own_identity):
    """A root with what doctor reads of a machine, all of it good."""
    for path, text in {"etc/shadow": "root:!:19000:0:99999:7:::\n",
                       "etc/ssh/sshd_config": "PasswordAuthentication no\n",
                       "proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 500 kB\n",
                       "proc/net/tcp": "sl local\n 0: 00000000:0D05 00000000:0000 0A x\n",
                       "sys/class/watchdog/watchdog0/state": "active\n",
                       "sys/class/thermal/thermal_zone0/temp": "50123\n"}.items():
        file = own_identity.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    run("pizwg", "--root", own_identity.root, "backup")
    return own_identity


def doctor(host, *arguments, **options):
    return run("pizwg", "--root", host.root, "doctor", *arguments, check=False, **options)


def findings(host):
    return {f["check"]: f for f in json.loads(doctor(host, "--json").stdout)["findings"]}


def test_a_host_in_order_has_no_errors(programs, host, gateway):
    Daemon(programs, host, gateway.link)
    Metrics(host.root).wait_for(1, "pizwg_fit")
    Exporter(programs, host.root / "run/pizwg/metrics")
    said = doctor(host)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "error " not in said.stdout
    for check in ("identity", "backup", "daemon", "gateway", "gateway-proven", "node-exporter", "root-password",
                  "ssh-password", "ports", "watchdog", "temperature"):
        assert re.search(rf"^ok       {check} ", said.stdout, re.MULTILINE), (check, said.stdout)


def test_a_gateway_that_is_lost_has_the_word_of_the_log(programs, host, gateway):
    daemon = Daemon(programs, host, gateway.link, gateway_grace_seconds=1)
    gateway.unplug()
    daemon.wait_for("gateway lost")
    until(lambda: "gateway-lost" in findings(host)["daemon"]["what"])
    said = doctor(host)
    assert said.returncode == 1
    assert re.search(r"^error    daemon +this host is not fit: faulty, gateway-lost$", said.stdout, re.MULTILINE)
    assert re.search(r"^pizwg: error: \d things? must be mended$", said.stderr, re.MULTILINE)


def test_without_a_daemon_it_looks_at_the_rest(host):
    found = findings(host)
    assert found["daemon"]["grade"] == "error"
    assert found["identity"]["grade"] == "ok"
    assert "gateway" not in found


@pytest.mark.parametrize("path, text, check", [
    ("etc/shadow", "root:$y$j9T$x:19000:::\n", "root-password"),
    ("etc/ssh/sshd_config", "PasswordAuthentication yes\n", "ssh-password"),
    ("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 50 kB\n", "memory"),
    ("proc/net/tcp", "sl local\n 0: 00000000:1F90 00000000:0000 0A x\n", "ports"),
    ("sys/class/watchdog/watchdog0/state", "inactive\n", "watchdog"),
    ("sys/class/thermal/thermal_zone0/temp", "77000\n", "temperature"),
])
def test_what_is_wrong_with_the_machine_is_a_warning(host, path, text, check):
    (host.root / path).write_text(text)
    assert findings(host)[check]["grade"] == "warning"


def test_a_server_on_loopback_is_nobodys_business(host):
    (host.root / "proc/net/tcp").write_text("sl local\n 0: 0100007F:1F90 00000000:0000 0A x\n")
    assert findings(host)["ports"]["grade"] == "ok"


def test_a_backup_that_is_older_than_the_identity_is_noticed(host):
    (host.allowed() / "more.crt").write_text((host.server_certificate).read_text())
    os.utime(host.allowed() / "more.crt", (4e9, 4e9))
    assert findings(host)["backup"]["grade"] == "warning"


def test_of_a_machine_that_tells_nothing_it_says_what_is_wrong(tmp_path):
    said = run("pizwg", "--root", tmp_path, "doctor", check=False, timeout=20)
    assert said.returncode == 1
    assert re.search("^error    identity +there is no identity$", said.stdout, re.MULTILINE)
    assert "pizwgd is not running" in said.stdout


def test_what_is_not_what_it_should_be_neither_hangs_nor_ends_it(host):
    """FIFOs, folders, rubbish and what is larger than anything."""
    strange = itertools.cycle((os.mkfifo, os.mkdir, lambda path: path.write_bytes(os.urandom(5000)),
                               lambda path: os.truncate(path, 0) if path.exists() else os.symlink(path, path),
                               lambda path: path.write_bytes(b"9" * 3_000_000)))
    for path, make in zip(LOOKED_AT * 5, strange):
        file = host.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        file.unlink(missing_ok=True)
        make(file)
        said = doctor(host, "--json", timeout=20)
        assert said.returncode in (0, 1) and json.loads(said.stdout)["findings"], (path, said.stderr)


def test_a_daemon_that_does_not_answer_is_not_waited_for(host):
    (host.root / "run/pizwg").mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(host.root / "run/pizwg/control"))
        silent.listen()
        assert "has not answered within 3 s" in findings(host)["daemon"]["what"]


def test_whoever_is_not_root_is_told(host):
    os.chmod(host.root.parent, 0o755)
    os.chmod(host.root, 0o755)
    said = run("setpriv", "--reuid=65534", "--clear-groups", BIN / "pizwg", "--root", host.root, "doctor", check=False)
    assert said.returncode == 1 and re.search("^error    identity ", said.stdout, re.MULTILINE), said.stdout + said.stderr


def test_a_configuration_with_a_mistake_is_an_error_with_its_place(host):
    (host.root / "etc/pizwg").mkdir(parents=True)
    (host.root / "etc/pizwg/pizwg.toml").write_text("rolle = 1\n")
    found = findings(host)["configuration"]
    assert found["grade"] == "error" and ":1:1: unknown key" in found["what"]


def test_its_metrics_are_in_order(host, tmp_path):
    file = tmp_path / "pizwg-doctor.prom"
    doctor(host, "--metrics", file)
    assert 'pizwg_doctor_finding{check="backup"} 0\n' in file.read_text()
    checked = run("promtool", "check", "metrics", input=file.read_text(), check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_each_check_is_documented_and_nothing_else():
    sources = "".join(path.read_text() for path in (REPOSITORY / "src").glob("*/health*.cpp"))
    sources += (REPOSITORY / "src/pizwg/doctor.cpp").read_text()
    checks = set(re.findall(r'\{\s*"([a-z-]+)",\s*(?:Grade::|grade|enough)', sources))
    checks |= set(re.findall(r'judge_share\(findings, "([a-z-]+)"', sources))
    documented = set(re.findall(r"^## ([a-z-]+)$", (REPOSITORY / "docs/doctor.md").read_text(), re.MULTILINE))
    assert checks == documented
