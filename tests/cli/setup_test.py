"""pizwg setup: makes an identity that real programs accept, once, and nothing by halves."""

import os
import socket
import ssl
import subprocess

import pytest

from lab.program import run
from lab.roots import (ALLOWED, BACKUP, CLIENT_PEM, MEMBERS, SERVER_CERTIFICATE, SERVER_KEY, everything, files,
                       fingerprint, pizwg, refused)


def test_makes_the_files_of_the_first_pizwg_with_their_modes(tmp_path):
    pizwg(tmp_path, "setup")
    modes = {path: mode for path, (mode, _) in files(tmp_path).items()}
    assert modes == {SERVER_KEY: 0o600, SERVER_CERTIFICATE: 0o644, CLIENT_PEM: 0o600, ALLOWED: 0o644, BACKUP: 0o600}


@pytest.mark.parametrize("mask", [0o777, 0])
def test_modes_do_not_depend_on_the_umask(tmp_path, mask):
    (tmp_path / "by-default").mkdir()
    (tmp_path / "masked").mkdir()
    pizwg(tmp_path / "by-default", "setup")
    pizwg(tmp_path / "masked", "setup", preexec_fn=lambda: os.umask(mask))
    modes = [{path: mode for path, (mode, _) in everything(tmp_path / name).items()}
             for name in ("by-default", "masked")]
    assert modes[0] == modes[1]


def test_prints_places_fingerprints_and_the_next_steps_but_no_key(tmp_path):
    result = pizwg(tmp_path, "setup")
    for path in (SERVER_KEY, SERVER_CERTIFICATE, CLIENT_PEM, BACKUP):
        assert str(tmp_path / path) in result.stdout
    for path in (SERVER_CERTIFICATE, ALLOWED):
        assert fingerprint(tmp_path / path) in result.stdout
    assert "pizwg restore" in result.stdout and "socat" in result.stdout and "pizwg-connect" in result.stdout
    assert result.stderr == ""
    secret = (tmp_path / SERVER_KEY).read_text().splitlines()[1]
    assert secret not in result.stdout + result.stderr


def test_the_certificates_are_leaves_valid_from_2020_to_2038(tmp_path):
    pizwg(tmp_path, "setup")
    for path, name, use in ((SERVER_CERTIFICATE, "pizwg-server", "TLS Web Server Authentication"),
                            (ALLOWED, "pizwg-client", "TLS Web Client Authentication")):
        text = run("openssl", "x509", "-in", tmp_path / path, "-noout", "-text").stdout
        for part in ("Version: 3", "Not Before: Jan  1 00:00:00 2020 GMT", "Not After : Jan 17 23:59:59 2038 GMT",
                     f"Subject: CN = {name}\n", f"DNS:{name}\n", "CA:FALSE", "Digital Signature\n", f"{use}\n",
                     "ecdsa-with-SHA256", "NIST CURVE: P-256"):
            assert part in text, part


def test_rsa_and_another_last_day_on_request(tmp_path):
    pizwg(tmp_path, "setup", "--key", "rsa4096", "--not-after", "2030-06-30")
    text = run("openssl", "x509", "-in", tmp_path / SERVER_CERTIFICATE, "-noout", "-text").stdout
    assert "Public-Key: (4096 bit)" in text
    assert "Not After : Jun 30 23:59:59 2030 GMT" in text


@pytest.mark.parametrize("day, warning", [("2039-01-01", "32-bit"), ("2021-03-04", "is past")])
def test_an_unwise_last_day_is_a_warning_because_the_clock_may_be_wrong(tmp_path, day, warning):
    result = pizwg(tmp_path, "setup", "--not-after", day)
    assert result.stderr.startswith("pizwg: warning: ") and warning in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("--not-after", "2020-01-01"), ("--not-after", "17.1.2038"),
                                       ("--key", "dsa"), ("--frobnicate",), ("--key",)])
def test_wrong_options_make_nothing_and_exit_with_2(tmp_path, arguments):
    refused(tmp_path, "setup", *arguments, status=2)
    assert everything(tmp_path) == {}


def test_refuses_to_run_twice_and_says_what_to_do(tmp_path):
    pizwg(tmp_path, "setup")
    before = everything(tmp_path)
    message = refused(tmp_path, "setup")
    assert "exists" in message and "pizwg restore" in message
    assert everything(tmp_path) == before


@pytest.mark.parametrize("path", [SERVER_KEY, SERVER_CERTIFICATE, CLIENT_PEM, ALLOWED, BACKUP])
def test_refuses_when_a_single_file_is_there_and_names_it(tmp_path, path):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("precious")
    before = everything(tmp_path)
    assert str(tmp_path / path) in refused(tmp_path, "setup")
    assert everything(tmp_path) == before


def test_ends_with_a_backup_of_exactly_these_files(tmp_path):
    pizwg(tmp_path, "setup")
    listed = run("tar", "-tf", tmp_path / BACKUP).stdout.split()
    assert listed == MEMBERS
    for member in MEMBERS:
        assert run("tar", "-xOf", tmp_path / BACKUP, member).stdout == (tmp_path / member).read_text()


def test_a_root_that_does_not_exist_is_an_error_and_is_not_made(tmp_path):
    assert "No such file" in refused(tmp_path / "absent", "setup")
    assert not (tmp_path / "absent").exists()


def test_the_old_name_works(tmp_path):
    run("pizwg-setup", "--root", tmp_path)
    assert sorted(files(tmp_path)) == sorted([*MEMBERS, BACKUP])


@pytest.fixture
def tls_server(tmp_path, programs):
    """openssl's server with the identity of setup, which demands exactly the client's certificate; its port."""
    pizwg(tmp_path, "setup")
    server = programs.start("openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", tmp_path / SERVER_CERTIFICATE,
                            "-key", tmp_path / SERVER_KEY, "-CAfile", tmp_path / ALLOWED, "-Verify", "1",
                            "-verify_return_error", "-rev", name="s_server")
    return int(server.wait_for(r"ACCEPT 127\.0\.0\.1:(\d+)").group(1))


def test_socat_accepts_it_with_the_published_command(tmp_path, programs, tls_server):
    client = programs.start(
        "socat", "-d", "-d", "-s", "-T30", f"pty,link={tmp_path}/tty,raw,mode=600",
        f"openssl-connect:127.0.0.1:{tls_server},cafile={SERVER_CERTIFICATE},commonname=pizwg-server,cert={CLIENT_PEM}",
        name="socat", cwd=tmp_path)
    client.wait_for("starting data transfer loop")
    with open(tmp_path / "tty", "r+b", buffering=0) as tty:
        tty.write(b"abc\n")
        assert tty.read(4) == b"cba\n"  # s_server -rev answers reversed


def test_openssl_accepts_it_with_strict_checks(tmp_path, programs, tls_server):
    client = programs.start("openssl", "s_client", "-connect", f"127.0.0.1:{tls_server}", "-CAfile",
                            tmp_path / SERVER_CERTIFICATE, "-cert", tmp_path / CLIENT_PEM, "-verify_return_error",
                            "-x509_strict", "-verify_hostname", "pizwg-server", name="s_client")
    client.wait_for("^Verification: OK$")
    client.tell("abc")
    client.wait_for("cba$")


def test_python_accepts_it_with_strict_checks_and_refuses_another_name(tmp_path, tls_server):
    context = ssl.create_default_context(cafile=tmp_path / SERVER_CERTIFICATE)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_cert_chain(tmp_path / CLIENT_PEM)
    address = ("127.0.0.1", tls_server)
    with socket.create_connection(address, 10) as raw:
        with context.wrap_socket(raw, server_hostname="pizwg-server") as client:
            client.sendall(b"abc\n")
            assert client.recv(4) == b"cba\n"
    with socket.create_connection(address, 10) as raw, pytest.raises(ssl.SSLCertVerificationError):
        context.wrap_socket(raw, server_hostname="pizwg-client")


def test_another_identity_is_refused_by_the_same_programs(tmp_path, tls_server):
    other = tmp_path / "other"
    other.mkdir()
    pizwg(other, "setup")
    result = run("openssl", "s_client", "-connect", f"127.0.0.1:{tls_server}", "-CAfile", other / SERVER_CERTIFICATE,
                 "-cert", other / CLIENT_PEM, "-verify_return_error", stdin=subprocess.DEVNULL, timeout=20, check=False)
    assert result.returncode != 0 and "Verification: OK" not in result.stdout
