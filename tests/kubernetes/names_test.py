"""A host by its name, in an image that has no shared library to look it up with: /etc/hosts, and DNS as a cluster has it."""

import pytest

SERVICE = "gateway.radio.svc.cluster.local"


@pytest.fixture
def name_server(programs, host):
    """It knows one name."""
    server = programs.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                            "--listen-address=127.0.0.53", "--bind-interfaces", "--user=root", "--pid-file=",
                            "--log-facility=-", "--local=/cluster.local/", f"--address=/{SERVICE}/{host}", name="dnsmasq")
    server.wait_for("started")


@pytest.fixture
def files(image):
    """What a kubelet puts into every container."""
    folder = image.root / "etc"
    folder.mkdir()
    (folder / "hosts").write_text("127.0.0.1 localhost\n192.168.1.254 attic\n")
    (folder / "resolv.conf").write_text("search radio.svc.cluster.local svc.cluster.local cluster.local\n"
                                        "nameserver 127.0.0.53\noptions ndots:5\n")
    return folder


@pytest.mark.parametrize("name", ["attic", "gateway", "gateway.radio", SERVICE])
def test_a_host_is_found_by_its_name(name_server, files, start_daemon, start_sidecar, name):
    start_daemon()
    sidecar = start_sidecar("zwave-js-ui", host=name)
    sidecar.program.wait_for("connected server=192.168.1.254:3333")


def test_a_name_that_does_not_exist_ends_it_with_a_hint(name_server, files, start_sidecar):
    sidecar = start_sidecar("zwave-js-ui", host="nowhere.cluster.local")
    assert sidecar.program.wait() == 1
    assert 'cannot find the host "nowhere.cluster.local"' in sidecar.program.log()


def test_a_name_server_that_is_away_is_asked_again(files, start_sidecar):
    sidecar = start_sidecar("zwave-js-ui", host="gateway")
    sidecar.program.wait_for('cannot find the host "gateway"|no answer to the question where "gateway" is', timeout=20)
    assert sidecar.probe("livenessProbe") == 0
