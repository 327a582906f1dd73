"""Identities in the files of the first PiZWG, made with openssl(1), so that every server uses the same ones."""

from lab.program import run

KEYS = {"p256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa4096": ["-newkey", "rsa:4096"]}


def make(root, keys, clients=("pizwg-client", "pizwg-other")):
    """A server and its clients, each allowed, under the folder `root`."""
    server = root / "etc" / "ser2net"
    (root / "root").mkdir(parents=True)
    server.mkdir(parents=True)
    _certify(keys, "pizwg-server", server / "ser2net.key", server / "ser2net.crt")
    for name in clients:
        allowed = root / "usr/share/ser2net/auth" / name / "allowed_certs"
        allowed.mkdir(parents=True)
        pem = root / "root" / f"{name}.pem"
        _certify(keys, name, pem, allowed / f"{name}.crt")
        pem.write_text(pem.read_text() + (allowed / f"{name}.crt").read_text())
        run("openssl", "rehash", allowed)  # how ser2net finds a certificate in a folder
    return root


def _certify(keys, name, key, crt):
    run("openssl", "req", "-x509", "-nodes", *KEYS[keys], "-keyout", key, "-out", crt, "-days", 3650,
        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", timeout=120)
    key.chmod(0o600)
