"""The chains that are compared: which server, which client, how configured. A chain runs from the gateway's pty, which
chain_probe owns, through server and client to the line that chain_probe opens as the application."""

import json
import select
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from lab.program import BIN, run
from lab.waiting import until

# ser2net as the first PiZWG configured it, but for paths and the port.
SER2NET = """connection: &gateway
  accepter: ssl(clientauth,key={root}/etc/ser2net/ser2net.key,cert={root}/etc/ser2net/ser2net.crt),{tcp},{port}
  timeout: 300
  enable: on
  connector: serialdev,{gateway},115200n81,LOCAL
  options:
    authdir: {root}/usr/share/ser2net/auth
    kickolduser: false
{more}"""

PIZWGD = """role = "standalone"
device = "{gateway}"
listen_address = "0.0.0.0"
port = {port}
"""


@dataclass(frozen=True)
class Kind:
    key: str
    title: str
    server: str  # ser2net, socat, pizwgd or "" for the bare line
    client: str  # socat, pizwg-connect or ""
    tuned: bool
    identity: str = "p256"
    options: tuple[str, ...] = ()  # of the client


KINDS = [
    Kind("ours", "pizwgd + pizwg-connect", "pizwgd", "pizwg-connect", True),
    Kind("ours_raw", "pizwgd + pizwg-connect, framing none", "pizwgd", "pizwg-connect", True, options=("--framing", "none")),
    Kind("ours_socat", "pizwgd + socat", "pizwgd", "socat", True),
    Kind("first", "first PiZWG: ser2net + socat, RSA-4096", "ser2net", "socat", False, "rsa4096"),
    Kind("tuned", "ser2net + socat, tuned", "ser2net", "socat", True),
    Kind("socat", "socat + socat", "socat", "socat", False),
    Kind("socat_tuned", "socat + socat, nodelay", "socat", "socat", True),
    Kind("bare", "bare pty", "", "", True),
]
# A stream of arbitrary bytes is no traffic for the framing: its end may look like half a frame, which is held back.
OURS_FOR_STREAMS = ("ours_raw", "ours_socat")


def listens(port):
    """Whether somebody listens: read from the kernel, because a connection would be a session."""
    wanted = f":{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                return True
    return False


class Probe:
    """chain_probe: commands in, answers of JSON out."""

    def __init__(self, programs, name, gateway, application=None):
        arguments = ["chain_probe", "--gateway", gateway]
        if application:
            arguments += ["--application", application]
        self._program = programs.start(*arguments, name=f"{name}-probe", stdout=subprocess.PIPE)
        until(gateway.is_symlink, 5, f"the link {gateway}")

    def answer(self, limit=15.0):
        out = self._program.process.stdout
        if not select.select([out], [], [], limit)[0]:
            raise AssertionError(f"{self._program.name} said nothing within {limit} s")
        line = out.readline()
        if not line:
            raise AssertionError(self._program.log().strip() or f"{self._program.name} ended")
        answer = json.loads(line)
        if "error" in answer:
            raise AssertionError(answer["error"])
        return answer

    def ask(self, *words, limit=120.0):
        self._program.tell(" ".join(str(w) for w in words))
        return self.answer(limit)


class Host:
    """A server in front of a gateway's pty, without a client."""

    def __init__(self, programs, folder, kind, port, identities, name=""):
        self.kind = kind
        self.port = port
        self.name = name or kind.key
        self.root = identities[kind.identity]
        self.folder = folder / self.name
        self.folder.mkdir()
        self._programs = programs
        self.server = None

    @property
    def gateway(self):
        return self.folder / "gateway"

    @property
    def pem(self):
        return self.root / "root" / "pizwg-client.pem"

    @property
    def crt(self):
        return self.root / "etc" / "ser2net" / "ser2net.crt"

    def start_probe(self, application=None):
        self.probe = Probe(self._programs, self.name, self.gateway, application)

    def start_server(self):
        program, *arguments = self._server()
        if (BIN / program).exists():
            program = BIN / program
        # What a service gets from systemd unless it asks for more; the machine's own limit would be luck.
        self.server = self._programs.start("prlimit", "--nofile=1024:", program, *arguments, name=f"{self.name}-server")
        until(lambda: self._alive() and listens(self.port), 15, f"{self.name} listening")

    def _alive(self):
        if self.server.process.poll() is not None:
            raise AssertionError(f"{self.name}: the server ended: {self.server.log().strip()}")
        return True

    def _server(self):
        if self.kind.server == "pizwgd":
            return self._pizwgd()
        return self._ser2net() if self.kind.server == "ser2net" else self._socat_server()

    def _pizwgd(self):
        config = self.folder / "pizwg.toml"
        config.write_text(PIZWGD.format(gateway=self.gateway, port=self.port))
        return ["pizwgd", "--config", config, "--root", self.root]

    def _ser2net(self):
        config = self.folder / "ser2net.yaml"
        config.write_text(SER2NET.format(root=self.root, gateway=self.gateway, port=self.port,
                                         tcp="tcp(nodelay)" if self.kind.tuned else "tcp",
                                         more="    chardelay: false\n" if self.kind.tuned else ""))
        return ["ser2net", "-n", "-u", "-c", config]

    def _socat_server(self):
        pem = self.folder / "server.pem"
        pem.write_text((self.root / "etc/ser2net/ser2net.key").read_text() + self.crt.read_text())
        allowed = self.root / "usr/share/ser2net/auth/pizwg-client/allowed_certs/pizwg-client.crt"
        nodelay = ",nodelay" if self.kind.tuned else ""
        return ["socat", f"openssl-listen:{self.port},reuseaddr,cert={pem},cafile={allowed},verify=1{nodelay}",
                f"{self.gateway},raw,echo=0"]

    def first_bytes(self, count=1, name="pizwg-client", deadline=5, address="127.0.0.1"):
        """Connects `count` times, one after the other; the times until one byte came back, or None and why."""
        result = run("dev_client", "--connect", f"{address}:{self.port}", "--cafile", self.crt, "--cert",
                     self.root / "root" / f"{name}.pem", "--first-byte", count, "--deadline", deadline,
                     check=False, timeout=60 + count * (deadline + 3))
        return json.loads(result.stdout) if result.returncode == 0 else None


class Chain(Host):
    """A host and a client, connected, with chain_probe at both ends."""

    @property
    def application(self):
        return self.folder / "application" if self.kind.client else self.gateway

    def start(self):
        self.start_probe(self.application)
        if self.kind.server:
            self.start_server()
            self.client = self._programs.start(*self._client(), name=f"{self.name}-client")
        try:
            self.probe.answer()
            if self.kind.client == "pizwg-connect":  # its line is there before it is connected
                self.client.wait_for("connected server=")
        except AssertionError as failure:
            raise AssertionError(f"{failure}\n{self.logs()}") from None

    def logs(self):
        if not self.server:
            return ""
        return f"--- server:\n{self.server.log()}--- client:\n{self.client.log()}"

    def _client(self):
        if self.kind.client == "pizwg-connect":
            return ["pizwg-connect", f"127.0.0.1:{self.port}", "--server-certificate", self.crt, "--client-pem", self.pem,
                    "--tty", self.application, "--control", self.folder / "control", *self.kind.options]
        # The first PiZWG's command; only -T is longer, as a chain waits here while others are measured.
        return ["socat", "-d", "-d", "-s", "-T600", f"pty,link={self.application},raw,user=root,group=root,mode=777",
                f"openssl-connect:127.0.0.1:{self.port},cafile={self.crt},commonname=pizwg-server,cert={self.pem}"
                + (",nodelay" if self.kind.tuned else "")]


def wait_seconds(seconds):
    """Lets time pass because time is what is measured: how often a server wakes up in it."""
    time.sleep(seconds)


