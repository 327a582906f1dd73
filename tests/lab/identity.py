"""The identity files of a host under a folder of its own, made by `pizwg setup` as a user makes them."""

import shutil

from lab.certificates import make_certificate
from lab.program import run

CLIENT = "pizwg-client"


class Identity:
    def __init__(self, root):
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        run("pizwg", "--root", root, "setup")

    @property
    def server_certificate(self):
        return self.root / "etc/ser2net/ser2net.crt"

    @property
    def server_key(self):
        return self.root / "etc/ser2net/ser2net.key"

    def pem(self, client=CLIENT):
        """The client's private key and certificate."""
        return self.root / f"root/{client}.pem"

    def allowed(self, client=CLIENT):
        return self.root / f"usr/share/ser2net/auth/{client}/allowed_certs"

    def revoked(self, client=CLIENT):
        return self.root / f"usr/share/ser2net/auth/{client}/revoked_certs"

    def copy_to(self, root):
        """The same identity in another folder, for a scenario that changes it."""
        # Not what a daemon told of itself: that is another host's.
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns("run"))
        copy = Identity.__new__(Identity)
        copy.root = root
        return copy

    def allow(self, client, certificate):
        """Pins a certificate, the way `pizwg client add` leaves it, and keeps its key where a client's key is."""
        self.allowed(client).mkdir(parents=True, exist_ok=True)
        self.pem(client).write_text(certificate.pem.read_text())
        (self.allowed(client) / f"{client}.crt").write_text(certificate.text())

    def add_client(self, client):
        """A second client, with a key that OpenSSL's command line made."""
        folder = self.root / "made"
        folder.mkdir(exist_ok=True)
        self.allow(client, make_certificate(folder, client))

    def revoke(self, client=CLIENT):
        """Moves the client's certificates to the revoked ones."""
        self.revoked(client).mkdir(parents=True, exist_ok=True)
        for certificate in self.allowed(client).iterdir():
            certificate.rename(self.revoked(client) / certificate.name)
