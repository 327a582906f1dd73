"""What pizwgd says of its configuration, its options and its environment."""

import re
import stat

import pytest

from lab.chain import Daemon, write_config
from lab.program import run
from lab.pty_gateway import PtyGateway
from lab.tls_client import tcp_connect


@pytest.fixture
def refuses(tmp_path, identity):
    """The daemon's two lines about a configuration that it does not take."""

    def check(text, what, hint=None):
        path = tmp_path / "pizwg.toml"
        path.write_text(text)
        ended = run("pizwgd", "--config", path, "--root", identity.root, check=False)
        assert ended.returncode == 1
        assert ended.stdout == ""
        expected = f"pizwgd: error: {path}{what}\n" + (f"pizwgd: hint: {hint}\n" if hint else "")
        assert ended.stderr == expected

    return check


GOOD = 'role = "standalone"\ndevice = "/dev/null"\n'


def test_an_unknown_key_is_refused_with_the_one_that_was_meant(refuses):
    refuses(GOOD + "baudd = 9600\n", ':3:1: unknown key "baudd"', 'did you mean "baud"?')


def test_an_unknown_key_that_resembles_none_lists_them_all(refuses):
    refuses(GOOD + "  colour = 1\n", ':3:3: unknown key "colour"',
            "the keys are role, device, baud, listen_address, port, idle_limit_seconds, gateway_grace_seconds, "
            "metrics_folder, state_folder, hub, hub_port, interface, vip, virtual_router_id, priority, peers, after_session, energise, "
            "gateway_limit_seconds")


def test_a_wrong_type_is_refused_with_its_place(refuses):
    refuses(GOOD + 'port = "3333"\n', ":3:8: port must be a whole number from 0 to 65535")


def test_a_port_out_of_range_is_refused(refuses):
    refuses(GOOD + "port = 65536\n", ":3:8: port is 65536, but must be from 0 to 65535")


def test_a_speed_that_no_gateway_has_is_refused(refuses):
    refuses(GOOD + "baud = 12345\n", ":3:8: baud is 12345, but must be one of 9600, 19200, 38400, 57600, 115200, "
                                     "230400, 460800, 500000, 921600, 1000000")


def test_an_unknown_role_is_refused(refuses):
    refuses('role = "master"\n', ':1:8: role is "master", but must be "standalone" or "cluster"')


def test_what_is_not_toml_is_refused_with_its_place(tmp_path):
    path = tmp_path / "pizwg.toml"
    path.write_text(GOOD + "port 3333\n")
    ended = run("pizwgd", "--config", path, check=False)
    assert ended.returncode == 1
    assert re.fullmatch(rf"pizwgd: error: {path}:3:\d+: not TOML: .*\npizwgd: hint: a line looks like: .*\n",
                        ended.stderr)


def test_a_file_without_a_role_is_refused(refuses):
    refuses('device = "/dev/null"\n', ": no role", 'add the line: role = "standalone", or role = "cluster" for one of several hosts')


def test_a_missing_file_is_an_error_that_says_what_to_write(tmp_path):
    path = tmp_path / "absent.toml"
    ended = run("pizwgd", "--config", path, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f'pizwgd: error: cannot open "{path}": No such file or directory\n'
                                   "pizwgd: hint: write it (one line is enough: role = \"standalone\" or \"cluster\")")


def test_a_file_that_is_no_file_is_an_error(tmp_path):
    ended = run("pizwgd", "--config", tmp_path, check=False)
    assert ended.returncode == 1
    assert "not a regular file" in ended.stderr


@pytest.mark.parametrize("wrong, what, hint", [
    (["--colour"], 'unknown option "--colour"', "pizwgd --help lists the options"),
    (["--chekc"], 'unknown option "--chekc"', "did you mean --check?"),
    (["--conifg", "file"], 'unknown option "--conifg"', "did you mean --config?"),
    (["surplus"], 'unknown argument "surplus"', "pizwgd --help lists the options"),
    (["--config"], "--config: 1 required FILE missing", "pizwgd --help lists the options"),
])
def test_a_wrong_command_line_is_a_usage_error(wrong, what, hint):
    ended = run("pizwgd", *wrong, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == f"pizwgd: error: {what}\npizwgd: hint: {hint}\n"


def test_help_and_version_go_to_standard_output():
    usage = run("pizwgd", "--help")
    assert "--config" in usage.stdout and "--check" in usage.stdout and usage.stderr == ""
    assert all(len(line) <= 80 for line in usage.stdout.splitlines()), usage.stdout
    version = run("pizwgd", "--version")
    assert re.fullmatch(r"pizwgd \d+\.\d+\.\d+\n", version.stdout)


# --- what the configuration leads to


def test_a_port_in_use_ends_it_with_what_to_do(programs, daemon, identity, tmp_path):
    gateway = PtyGateway(tmp_path / "other")
    second = Daemon(programs, identity, gateway.link, listening=False, name="second")
    assert second.program.wait() == 1
    second.wait_for('^pizwgd: error: cannot listen on "127.0.0.1" port 3333: Address already in use$')
    second.wait_for("^pizwgd: hint: .*ss -tlnp sport = :3333")
    gateway.close()


def test_an_address_that_is_not_ours_ends_it_with_what_to_do(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, listening=False, listen_address="192.0.2.1")
    assert daemon.program.wait() == 1
    daemon.wait_for('^pizwgd: error: cannot listen on "192.0.2.1" port 3333: Cannot assign requested address$')
    daemon.wait_for("^pizwgd: hint: listen_address must be an address of this host")


def test_an_address_that_is_none_ends_it(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, listening=False, listen_address="localhost")
    assert daemon.program.wait() == 1
    daemon.wait_for('^pizwgd: error: listen_address "localhost" is not an IP address$')


def test_port_0_is_any_free_one_and_the_log_says_which(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, port=0)
    assert daemon.port not in (0, 3333)
    tcp_connect(daemon.port).close()


def test_ipv6_is_served_too(programs, identity, gateway):
    daemon = Daemon(programs, identity, gateway.link, listen_address="::1")
    said = run("openssl", "s_client", "-quiet", "-no_ign_eof", "-connect", f"[::1]:{daemon.port}", "-CAfile",
               identity.server_certificate, "-cert", identity.pem(), "-key", identity.pem(), input="six\n")
    assert gateway.hear_exactly(4) == b"six\n", said.stderr
    daemon.wait_for(r"session started client=pizwg-client from=\"?\[::1\]:\d+")


# --- --check


def check(tmp_path, root, device):
    config = write_config(tmp_path / "check.toml", role="standalone", device=device)
    return run("pizwgd", "--check", "--config", config, "--root", root, check=False)


def test_check_says_that_all_is_well_and_opens_nothing(daemon, identity, gateway, tmp_path):
    ended = check(tmp_path, identity.root, gateway.link)
    assert ended.returncode == 0
    assert ended.stdout == ("configuration ok     0.0.0.0 port 3333, 115200 baud\n"
                            "identity      ok     2 allowed client certificates\n"
                            f"gateway       ok     {gateway.link}\n")
    assert "gateway left" not in daemon.program.log()


def test_check_names_what_is_missing(tmp_path):
    (tmp_path / "empty").mkdir()
    ended = check(tmp_path, tmp_path / "empty", tmp_path / "absent")
    assert ended.returncode == 1
    assert f'identity      error  "{tmp_path}/empty/etc/ser2net/ser2net.key" is missing\n' in ended.stdout
    assert f'gateway       error  "{tmp_path}/absent": No such file or directory\n' in ended.stdout
    assert ended.stdout.count("hint") == 2


def test_check_tells_a_file_from_a_device(identity, tmp_path):
    (tmp_path / "file").write_text("")
    ended = check(tmp_path, identity.root, tmp_path / "file")
    assert ended.returncode == 1
    assert f'gateway       error  "{tmp_path}/file" is not a serial device\n' in ended.stdout


def test_check_notices_that_nobody_is_allowed(own_identity, gateway, tmp_path):
    own_identity.revoke()
    own_identity.revoke("spare")
    ended = check(tmp_path, own_identity.root, gateway.link)
    assert ended.returncode == 1
    assert "identity      error  no client is allowed\n" in ended.stdout


def test_the_daemon_changes_no_file_of_the_identity(programs, own_identity, gateway):
    def all_of_it():
        told = own_identity.root / "run"  # what it tells of itself
        return {p: (stat.filemode(p.stat().st_mode), p.stat().st_mtime_ns) for p in own_identity.root.rglob("*")
                if told not in {p, *p.parents}}

    before = all_of_it()
    daemon = Daemon(programs, own_identity, gateway.link)
    daemon.connect().close()
    daemon.wait_for_end("client-closed")
    daemon.program.end()
    assert all_of_it() == before
