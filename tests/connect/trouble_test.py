"""What is wrong is said once, in words that tell what to do: at the start with exit 1 when it is this machine's fault,
later on while trying again."""

import re
import shutil
import socket
import threading

import pytest

from lab.certificates import EXPIRED, make_certificate
from lab.chain import Daemon
from lab.identity import CLIENT, Identity
from lab.name_server import NO_SUCH_NAME, SERVER_FAILURE, name_server
from lab.program import BIN, run
from lab.waiting import until


def refused(*arguments, status=1):
    """What it says before it ends: what and hint."""
    result = run("pizwg-connect", *arguments, check=False)
    assert result.returncode == status, result.stderr
    lines = result.stderr.splitlines()
    assert lines[-2].startswith("pizwg-connect: error: "), lines
    assert lines[-1].startswith("pizwg-connect: hint: "), lines
    return "\n".join(lines[-2:])


@pytest.fixture
def files(identity):
    return ["--server-certificate", identity.server_certificate, "--client-pem", identity.pem()]


def test_no_host(files, tmp_path):
    assert "no host" in refused("--tty", tmp_path / "tty", *files)


def test_no_port_for_applications(files):
    assert "nothing that an application could open" in refused("127.0.0.1", *files)


def test_a_mistyped_option(files, tmp_path):
    assert "did you mean --tty?" in refused("127.0.0.1", "--ttty", tmp_path / "tty", *files, status=2)


def test_a_mistake_in_the_file(tmp_path):
    config = tmp_path / "kitchen.toml"
    config.write_text('host = "127.0.0.1"\ntyt = "/dev/ttyUSB254"\n')
    said = refused("--config", config)
    assert f"{config}:2:1: unknown key" in said and '"tty"' in said


def test_a_host_that_is_none(files, tmp_path):
    assert "is not HOST:PORT" in refused("127.0.0.1:x", "--tty", tmp_path / "tty", *files)


def test_files_that_are_missing(identity, tmp_path):
    said = refused("127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", identity.server_certificate,
                   "--client-pem", tmp_path / "none.pem")
    assert "none.pem" in said


def test_a_key_that_belongs_to_another_certificate(identity, tmp_path):
    other = make_certificate(tmp_path, "other")
    pem = tmp_path / "mixed.pem"
    pem.write_text(other.key.read_text() + make_certificate(tmp_path, "third").text())
    said = refused("127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", identity.server_certificate,
                   "--client-pem", pem)
    assert "do not belong together" in said and "mixed.pem" in said


def test_our_certificate_has_expired(identity, tmp_path):
    old = make_certificate(tmp_path, CLIENT, valid=EXPIRED)
    said = refused("127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", identity.server_certificate,
                   "--client-pem", old.pem)
    assert "has expired" in said and str(old.pem) in said


def test_a_certificate_that_is_not_the_servers(identity, tmp_path):
    said = refused("127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", identity.pem(),
                   "--client-pem", identity.pem())
    assert 'not of "pizwg-server"' in said


def test_a_path_in_use(files, tmp_path):
    path = tmp_path / "tty"
    path.write_text("mine")
    assert "something else is in its place" in refused("127.0.0.1", "--tty", path, *files)
    assert path.read_text() == "mine"


def test_a_folder_that_is_missing(files, tmp_path):
    assert "make its folder first" in refused("127.0.0.1", "--tty", tmp_path / "none" / "tty", *files)


def test_a_folder_that_is_not_ours(identity, tmp_path):
    """As a user who may not: one error with a hint."""
    home = tmp_path / "home"
    home.mkdir()
    for name, content in (("server.crt", identity.server_certificate), ("client.pem", identity.pem())):
        (home / name).write_text(content.read_text())
        (home / name).chmod(0o644)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if run(*nobody, "true", check=False).returncode != 0:
        pytest.skip("no other user in this namespace")
    for path in [*tmp_path.parents, tmp_path, home]:
        path.chmod(path.stat().st_mode | 0o011)
    arguments = ["127.0.0.1", "--server-certificate", home / "server.crt", "--client-pem", home / "client.pem"]
    program = shutil.copy(BIN / "pizwg-connect", home)
    for more, what in ((["--tty", "/dev/ttyUSB254"], "Permission denied"),
                       (["--tcp", "127.0.0.1:80"], "ports below 1024 are root's")):
        said = run(*nobody, program, *arguments, *more, check=False)
        assert said.returncode == 1 and what in said.stderr and "hint: " in said.stderr, said.stderr
    (home / "client.pem").chmod(0o600)
    said = run(*nobody, program, *arguments, "--tty", "/tmp/none", check=False)
    assert said.returncode == 1 and "Permission denied" in said.stderr and "hint: " in said.stderr, said.stderr


def test_a_control_socket_that_is_something_else(files, tmp_path):
    control = tmp_path / "control"
    control.write_text("mine")
    assert "something else" in refused("127.0.0.1", "--tty", tmp_path / "tty", "--control", control, *files)
    assert control.read_text() == "mine"


def test_a_tty_that_another_one_serves(connect, files, tmp_path):
    first = connect()
    assert "another pizwg-connect serves" in refused("127.0.0.1", "--tty", first.tty, *files)


def test_an_owner_that_does_not_exist(files, tmp_path):
    assert 'no user "nobody-at-all"' in refused("127.0.0.1", "--tty", tmp_path / "tty", "--owner", "nobody-at-all", *files)


def test_a_port_in_use(files):
    with socket.create_server(("127.0.0.1", 4000)):
        assert "Address already in use" in refused("127.0.0.1", "--tcp", "127.0.0.1:4000", *files)


def test_an_address_of_another_machine(files):
    assert "cannot listen on 192.0.2.1:4000" in refused("127.0.0.1", "--tcp", "192.0.2.1:4000", *files)


def test_a_port_that_others_may_reach_is_warned_of(connect):
    connect("--tcp", "0.0.0.0:4000", tty=False).wait_for("others than this machine may reach it")


def test_an_encrypted_bundle(identity, tmp_path):
    bundle = tmp_path / "backup.tar.cms"
    bundle.write_text("-----BEGIN CMS-----\n" * 100)
    said = refused("127.0.0.1", "--tty", tmp_path / "tty", "--bundle", bundle)
    assert "decrypt" in said


def said_times(program, pattern):
    return len(re.findall(pattern, program.log()))


def assert_said_once(connect, pattern, attempts):
    """While `attempts` goes on growing."""
    connect.wait_for(pattern)
    before = attempts()
    until(lambda: attempts() >= before + 3, timeout=20, what="further attempts")
    assert said_times(connect.program, pattern) == 1, connect.program.log()


def test_nothing_listens_and_then_it_does(programs, identity, gateway, connect):
    connect = connect()
    connect.wait_for("nothing listens at 127.0.0.1:3333.*hint=")
    assert "nothing listens" in connect.status()["trouble"]
    daemon = Daemon(programs, identity, gateway.link)
    connect.wait_until_connected()
    assert connect.status()["trouble"] == ""
    mark = connect.mark()
    daemon.program.end()
    connect.wait_for("nothing listens", after=mark)


def test_a_server_with_another_certificate(daemon, identity, tmp_path):
    other = make_certificate(tmp_path, "pizwg-server")
    assert "that is not the one we were given" in refused(
        "127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", other.certificate, "--client-pem", identity.pem())
    assert not (tmp_path / "tty").is_symlink()


def test_a_server_gets_another_certificate_later_on(programs, daemon, gateway, tmp_path, connect):
    connect = connect()
    connect.wait_until_connected()
    daemon.program.end()
    other = Daemon(programs, Identity(tmp_path / "other-root"), gateway.link, name="other")
    assert_said_once(connect, "shows a certificate .* that is not the one we were given",
                     lambda: said_times(other.program, "connection refused"))


def test_the_server_does_not_know_us(daemon, identity, tmp_path):
    assert "does not let us in: our certificate is not one of those it knows" in refused(
        "127.0.0.1", "--tty", tmp_path / "tty", "--server-certificate", identity.server_certificate,
        "--client-pem", make_certificate(tmp_path, CLIENT).pem)


def test_one_of_several_hosts_does_not_know_us(daemon, tmp_path, connect):
    """The other one may be on its way."""
    connect = connect("127.0.0.1:3334", pem=make_certificate(tmp_path, CLIENT).pem)
    assert_said_once(connect, "does not let us in: our certificate is not one of those it knows",
                     lambda: said_times(daemon.program, "reason=certificate-unknown"))
    assert "connected server" not in connect.program.log()


def test_we_are_revoked_while_connected(programs, own_identity, gateway, connect):
    Daemon(programs, own_identity, gateway.link)
    connect = connect(pem=own_identity.pem(), certificate=own_identity.server_certificate)
    connect.wait_until_connected()
    own_identity.revoke()
    connect.wait_for("does not let us in: our certificate is revoked")


def test_another_client_has_the_session(daemon, identity, connect):
    with daemon.connect("spare"):
        connect = connect()
        assert_said_once(connect, "turned us away", lambda: said_times(daemon.program, "reason=session-busy"))
        assert "connected server" not in connect.program.log()
    connect.wait_until_connected()


def test_a_host_name_that_does_not_exist(files, tmp_path):
    with name_server(tmp_path, NO_SUCH_NAME):
        assert 'cannot find the host "host.example"' in refused("host.example", "--tty", tmp_path / "tty", *files)


def test_a_name_server_that_has_no_answer_yet(daemon, tmp_path, connect):
    with name_server(tmp_path, SERVER_FAILURE) as names:
        connect = connect(server="host.example")
        connect.wait_for('cannot find the host "host.example"')
        names.answer = "127.0.0.1"
        connect.wait_until_connected()


def test_something_else_listens_there(connect):
    with socket.create_server(("127.0.0.1", 3333)) as server:
        def greet():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(b"220 mail.example ESMTP\r\n")
        greeter = threading.Thread(target=greet, daemon=True)
        greeter.start()
        connect().wait_for("no TLS with 127.0.0.1:3333")
        server.shutdown(socket.SHUT_RDWR)
    greeter.join(10)


def test_certificates_are_read_again_when_told(programs, own_identity, gateway, tmp_path, connect):
    Daemon(programs, own_identity, gateway.link)
    pem = tmp_path / "client.pem"
    pem.write_text(own_identity.pem().read_text())
    connect = connect(pem=pem, certificate=own_identity.server_certificate)
    connect.wait_until_connected()
    own_identity.revoke()
    connect.wait_for("does not let us in: our certificate is revoked")
    pem.write_text("no key\n")
    connect.program.signal(1)
    connect.wait_for("the certificates stay what they were")
    mark = connect.mark()
    pem.write_text(own_identity.pem("spare").read_text())
    connect.program.signal(1)
    connect.wait_until_connected(after=mark)
