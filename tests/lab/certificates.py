"""Certificates of every kind, made with OpenSSL's command line: nothing of ours judges what ours has made."""

import itertools

from lab.program import run

ALWAYS = ("20200101000000Z", "20380117000000Z")
EXPIRED = ("20200101000000Z", "20210101000000Z")
NOT_YET = ("20350101000000Z", "20380117000000Z")

_numbers = itertools.count(1)


class Certificate:
    """A private key and a certificate, as files, and as one file the way socat wants them."""

    def __init__(self, folder, name):
        self.key = folder / f"{name}.key"
        self.certificate = folder / f"{name}.crt"
        self.pem = folder / f"{name}.pem"

    def text(self):
        return self.certificate.read_text()


def make_certificate(folder, common_name, valid=ALWAYS, signer=None):
    """A new P-256 key and a certificate for it, signed by itself or by `signer`."""
    name = f"{common_name}-{next(_numbers)}"
    made = Certificate(folder, name)
    request = folder / f"{name}.csr"
    run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", made.key, "-out", request, "-subj", f"/CN={common_name}")
    _sign(folder, name, made, request, valid, signer)
    made.certificate.write_text(run("openssl", "x509", "-in", made.certificate).stdout)
    made.pem.write_text(made.key.read_text() + made.certificate.read_text())
    return made


def _sign(folder, name, made, request, valid, signer):
    # `openssl ca`, because it is the only command of OpenSSL 3.0 that takes both dates.
    database = folder / f"{name}.db"
    database.mkdir()
    (database / "index").touch()
    config = database / "config"
    config.write_text(f"[ca]\ndefault_ca=it\n[it]\ndatabase={database}/index\nnew_certs_dir={database}\n"
                      "default_md=sha256\npolicy=any\nrand_serial=yes\nunique_subject=no\n[any]\ncommonName=supplied\n")
    who = ["-cert", signer.certificate, "-keyfile", signer.key] if signer else ["-selfsign", "-keyfile", made.key]
    run("openssl", "ca", "-batch", "-notext", "-config", config, "-in", request, "-out", made.certificate,
        "-startdate", valid[0], "-enddate", valid[1], *who)
