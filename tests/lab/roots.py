"""Roots: folders that stand for a host's file system, given to pizwg by --root; and what is in them."""

import stat
import subprocess
from pathlib import Path

from lab.program import run

SERVER_KEY = "etc/ser2net/ser2net.key"
SERVER_CERTIFICATE = "etc/ser2net/ser2net.crt"
CLIENT_PEM = "root/pizwg-client.pem"
ALLOWED = "usr/share/ser2net/auth/pizwg-client/allowed_certs/pizwg-client.crt"
BACKUP = "root/backup.tar"
ENCRYPTED = "root/backup.tar.cms"
MEMBERS = sorted([SERVER_KEY, SERVER_CERTIFICATE, CLIENT_PEM, ALLOWED])


def pizwg(root, *arguments, check=True, **options):
    """Runs pizwg on a root."""
    return run("pizwg", "--root", root, *arguments, check=check, **options)


def refused(root, *arguments, status=1, **options):
    """Runs pizwg, which must end with `status` and an error in the agreed form; returns that text."""
    result = pizwg(root, *arguments, check=False, **options)
    assert result.returncode == status, f"{arguments} exited with {result.returncode}\n{result.stdout}{result.stderr}"
    assert result.stdout == ""
    assert result.stderr.startswith("pizwg: error: "), result.stderr
    return result.stderr


def everything(root):
    """Path to (mode, content) of every file and folder, hidden ones too: two of these compare whole roots."""
    found = {}
    for path in sorted(Path(root).rglob("*")):
        info = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(info.st_mode) else None
        found[str(path.relative_to(root))] = (stat.S_IMODE(info.st_mode), content)
    return found


def files(root):
    """The same without folders."""
    return {path: entry for path, entry in everything(root).items() if entry[1] is not None}


class Tmpfs:
    """A file system of its own, with a size or a number of inodes, and read-only when asked."""

    def __init__(self, folder, options):
        self.path = Path(folder)
        self.path.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "pizwg-test", self.path], check=True)

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.path], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.path], check=True)


def fingerprint(certificate):
    """SHA-256 of a certificate file, by openssl, as pizwg writes it."""
    text = run("openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").stdout
    return text.strip().split("=")[1].replace(":", "").lower()


def make_as_the_first_pizwg_did(folder, *, algorithm="rsa", prefix=""):
    """Keys by Debian's gtlssh-keygen and an archive by tar, with the first PiZWG's names; returns the archive."""
    folder = Path(folder)
    keys = folder / "keys"
    keys.mkdir(parents=True)
    for name in ("pizwg-server", "pizwg-client"):
        run("gtlssh-keygen", "-f", "--algorithm", algorithm, "--keydays", "6000", "--commonname", name,
            "--keydir", keys, "serverkey", name, stdin=subprocess.DEVNULL)
    tree = folder / "tree"
    for path in MEMBERS:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
    (tree / SERVER_KEY).write_bytes((keys / "pizwg-server.key").read_bytes())
    (tree / SERVER_CERTIFICATE).write_bytes((keys / "pizwg-server.crt").read_bytes())
    (tree / CLIENT_PEM).write_bytes((keys / "pizwg-client.key").read_bytes() + (keys / "pizwg-client.crt").read_bytes())
    (tree / ALLOWED).write_bytes((keys / "pizwg-client.crt").read_bytes())
    archive = folder / "backup.tar"
    run("tar", "-C", tree, "-cf", archive, *[prefix + path for path in MEMBERS])
    return archive
