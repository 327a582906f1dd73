"""How it is: for people, for programs, for the node exporter."""

from lab.connect import frame
from lab.program import run
from lab.waiting import until

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))


def status(connect, *arguments):
    return run("pizwg-connect", "status", "--control", connect.control, *arguments, check=False)


def test_it_says_what_is_and_what_is_wrong(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    said = status(connect)
    assert said.returncode == 0
    assert "uplink: connected to 127.0.0.1:3333" in said.stdout and "application: none" in said.stdout
    application = connect.open()
    application.write(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    assert f"application: tty {connect.tty}" in status(connect).stdout
    numbers = connect.status()
    assert numbers["bytes_to_server"] == len(COMMAND) and numbers["sessions"] == 1 and numbers["connected"] is True
    assert 0 < numbers["round_trip_seconds"] < 1
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("nothing listens", after=mark)
    said = status(connect)
    assert said.returncode == 1
    assert status(connect, "--alive").returncode == 0
    assert "trouble: nothing listens at 127.0.0.1:3333" in said.stdout and "hint: " in said.stdout
    outage = connect.status()["outage_seconds"]
    until(lambda: connect.status()["outage_seconds"] > outage, what="the outage to grow")


def test_nobody_to_ask(tmp_path):
    said = run("pizwg-connect", "status", "--alive", "--control", tmp_path / "none", check=False)
    assert said.returncode == 1 and "it is not running" in said.stderr
    said = run("pizwg-connect", "status", "--control", tmp_path / "none", check=False)
    assert said.returncode == 1 and "it is not running" in said.stderr
    said = run("pizwg-connect", "status", check=False)
    assert said.returncode == 1 and "hint: " in said.stderr


def test_metrics(daemon, connect, tmp_path):
    metrics = tmp_path / "metrics.prom"
    connect = connect("--metrics-file", metrics)
    connect.wait_until_connected()
    until(lambda: "pizwg_connect_connected 1\n" in metrics.read_text())
    assert "pizwg_connect_sessions_total 1\n" in metrics.read_text()
    daemon.program.end()
    until(lambda: "pizwg_connect_connected 0\n" in metrics.read_text())
    until(lambda: 'pizwg_connect_trouble{what="nothing listens' in metrics.read_text())


def test_metrics_that_cannot_be_written_are_said_once(daemon, connect, tmp_path):
    connect = connect("--metrics-file", tmp_path / "none" / "metrics.prom")
    connect.wait_until_connected()
    assert connect.program.log().count("no metrics: ") == 1
