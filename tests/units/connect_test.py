"""pizwg-connect@NAME.service on a machine that a real systemd has booted; the server is the pizwgd beside it."""

import pytest

from lab.waiting import until

TTY = "/run/pizwg-connect/kitchen/tty"
UNIT = "pizwg-connect@kitchen"
CONFIG = f"""host = "127.0.0.1"
tty = "{TTY}"
tty_group = "dialout"
bundle = "/etc/pizwg/connect/backup.tar"
metrics_file = "/run/pizwg-connect/kitchen/metrics.prom"
"""


@pytest.fixture(scope="module")
def client(machine):
    machine.run("systemd-tmpfiles", "--create", "pizwg-connect.conf")
    machine.run("install", "-m", "640", "-g", "pizwg-connect", "/root/backup.tar", "/etc/pizwg/connect/backup.tar")
    machine.path("/etc/pizwg/connect/kitchen.toml").write_text(CONFIG)
    machine.run("systemctl", "start", UNIT)
    until(lambda: "connected to" in machine.property(UNIT, "StatusText"), what=machine.journal(UNIT))
    return machine


def test_the_port_is_there_when_the_unit_is_up(client):
    assert client.run("stat", "-L", "-c", "%U:%G %a", TTY).stdout.strip() == "pizwg-connect:dialout 660"
    client.run("sh", "-c", f"exec 3<>{TTY}")


def test_status_says_how_it_is(client):
    assert "uplink: connected to 127.0.0.1:3333" in client.run("pizwg-connect", "status").stdout
    assert '"connected": true' in client.run("pizwg-connect", "status", "--json", "kitchen").stdout
    assert "pizwg_connect_connected 1" in client.run("cat", "/run/pizwg-connect/kitchen/metrics.prom").stdout


def test_a_reload_reads_the_certificates_again(client):
    before = client.main_pid(UNIT)
    client.run("systemctl", "reload", UNIT)
    until(lambda: "certificates read again" in client.journal(UNIT))
    assert client.main_pid(UNIT) == before


def test_it_is_nobody_in_particular_and_exposes_little(client):
    client.run("systemd-analyze", "security", "--no-pager", "--threshold=20", f"{UNIT}.service")
    verified = client.run("systemd-analyze", "verify", "--man=no", f"{UNIT}.service")
    assert "pizwg" not in verified.stdout + verified.stderr, verified.stderr
    status = client.run("cat", f"/proc/{client.main_pid(UNIT)}/status").stdout
    assert "CapEff:\t0000000000000000" in status and "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status


def test_a_crash_is_followed_by_a_start_with_the_port_in_its_place(client):
    client.signal(UNIT, "SIGKILL")
    until(lambda: client.property(UNIT, "NRestarts") == "1")
    until(lambda: "connected to" in client.property(UNIT, "StatusText"), 20)
    client.run("sh", "-c", f"exec 3<>{TTY}")


def test_a_mistake_is_said_in_the_journal(client):
    client.path("/etc/pizwg/connect/attic.toml").write_text('tyt = "x"\n')
    client.run("systemctl", "start", "pizwg-connect@attic", check=False)
    assert "/etc/pizwg/connect/attic.toml:1:1: unknown key" in client.journal("pizwg-connect@attic")
    client.run("systemctl", "stop", "pizwg-connect@attic")
