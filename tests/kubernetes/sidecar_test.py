"""The sidecar as the manifests have it, with a real pizwgd: it serves its application, and its probes tell the truth."""

import os
import signal
import socket

import pytest
import serial

from lab.connect import frame
from lab.manifests import APPLICATIONS
from lab.waiting import until

COMMAND = frame(0x13, bytes([2, 3, 0x25, 1, 0xFF]))
REPORT = frame(0x04, bytes(range(40)))
PORT = ("127.0.0.1", 4000)


def hear(application, count):
    heard = b""
    while len(heard) < count:
        heard += application.recv(1000)
    return heard


def exchange(application, gateway):
    application.sendall(COMMAND)
    assert gateway.hear_exactly(len(COMMAND)) == COMMAND
    gateway.say(REPORT)
    assert hear(application, len(REPORT)) == REPORT


@pytest.mark.parametrize("overlay", APPLICATIONS)
def test_it_starts_as_its_manifest_says(start_daemon, start_sidecar, overlay):
    start_daemon()
    sidecar = start_sidecar(overlay)
    sidecar.program.wait_for("connected server=192.168.1.254:3333")
    assert sidecar.probe("startupProbe") == 0
    assert (sidecar.status("Uid").split()[0], sidecar.status("CapEff"), sidecar.status("NoNewPrivs")) == \
        ("65532", "0" * 16, "1")


def test_an_application_talks_through_it(start_daemon, start_sidecar, gateway):
    start_daemon()
    sidecar = start_sidecar("zwave-js-ui")
    sidecar.program.wait_for("connected server")
    with socket.create_connection(PORT, timeout=10) as application:
        exchange(application, gateway)
    resident = int(sidecar.status("VmRSS").split()[0])
    print(f"RSS {resident} KiB")
    assert resident <= 8 * 1024


def test_an_application_of_rfc2217_talks_through_it(start_daemon, start_sidecar, gateway):
    start_daemon()
    start_sidecar("openhab").program.wait_for("connected server")
    with serial.serial_for_url("rfc2217://127.0.0.1:4000", baudrate=115200, timeout=10) as application:
        application.write(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_a_server_that_is_away_makes_it_unready_and_is_no_reason_to_start_it_anew(start_daemon, start_sidecar, gateway):
    daemon = start_daemon()
    sidecar = start_sidecar("zwave-js-ui")
    sidecar.program.wait_for("connected server")
    assert (sidecar.probe("livenessProbe"), sidecar.probe("readinessProbe")) == (0, 0)
    with socket.create_connection(PORT, timeout=10) as application:
        exchange(application, gateway)
        daemon.program.end()
        until(lambda: sidecar.probe("readinessProbe") == 1, what="the sidecar to be unready")
        assert (sidecar.probe("startupProbe"), sidecar.probe("livenessProbe")) == (0, 0)
        start_daemon("pizwgd-again")
        until(lambda: sidecar.probe("readinessProbe") == 0, what="the sidecar to be ready")
        exchange(application, gateway)  # on the connection that it had


def test_it_is_unready_and_alive_before_there_ever_was_a_server(start_sidecar, host):
    sidecar = start_sidecar("zwave-js-ui")
    sidecar.program.wait_for("nothing listens at 192.168.1.254:3333")
    assert [sidecar.probe(k) for k in ("startupProbe", "livenessProbe", "readinessProbe")] == [0, 0, 1]


def test_a_frozen_one_is_not_alive(start_daemon, start_sidecar):
    start_daemon()
    sidecar = start_sidecar("zwave-js-ui")
    sidecar.program.wait_for("connected server")
    first = sidecar.pid
    os.kill(first, signal.SIGSTOP)
    assert sidecar.probe("livenessProbe") == 1  # by its own limit, before the kubelet's
    os.kill(first, signal.SIGCONT)
    until(lambda: sidecar.probe("livenessProbe") == 0, what="the sidecar to be alive")


def test_it_ends_when_the_pod_does(start_daemon, start_sidecar):
    daemon = start_daemon()
    sidecar = start_sidecar("zwave-js-ui")
    sidecar.program.wait_for("connected server")
    os.kill(sidecar.pid, signal.SIGTERM)
    assert sidecar.program.wait() == 0
    daemon.wait_for("session ended")


