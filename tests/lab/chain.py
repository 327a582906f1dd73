"""The daemon under test with an identity and a gateway, and what its log and /proc say of it."""

import json
import os
import re

from lab.identity import CLIENT
from lab.program import BIN
from lab.tls_client import from_address, tls_connect


class Daemon:
    """A running pizwgd. Settings are those of pizwg.toml; `prefix` is a command that starts it, such as prlimit."""

    def __init__(self, programs, identity, device, prefix=(), listening=True, name="pizwgd", environment=None,
                 **settings):
        self.identity = identity
        values = {"role": "standalone", "device": str(device), "listen_address": "127.0.0.1"} | settings
        self.config = write_config(programs.folder / f"{name}.toml", **values)
        self.program = programs.start(*prefix, BIN / "pizwgd", "--config", self.config, "--root", identity.root,
                                      name=name, env=os.environ | (environment or {}))
        if listening:
            self.wait_until_listening()

    @property
    def pid(self):
        return self.program.pid

    def wait_until_listening(self, after=0):
        self.port = int(self.wait_for(r"listening .*port=(\d+)", after=after).group(1))

    def wait_for(self, pattern, timeout=10.0, after=0):
        return self.program.wait_for(pattern, timeout, after)

    def mark(self):
        """The end of the log now, for `after=`."""
        return len(self.program.log())

    def connect(self, client=CLIENT, **how):
        """A client's session, after the daemon has said that it started."""
        connection = tls_connect(self.identity, pem=self.identity.pem(client), port=self.port, **how)
        self.wait_for(f"session started client={client} from={re.escape(from_address(connection))}$")
        return connection

    def wait_for_end(self, reason, client=CLIENT, timeout=10.0, after=0):
        """Waits until a session has ended for that reason; any other reason fails."""
        said = self.wait_for(rf"session ended reason=(\S+) client={client} .*$", timeout, after)
        assert said.group(1) == reason, said.group(0)
        return said.group(0)

    def wait_for_refusal(self, reason, timeout=10.0, after=0):
        said = self.wait_for(r"connection refused reason=(\S+) from=.*$", timeout, after)
        assert said.group(1) == reason, said.group(0)
        return said.group(0)

    def assert_a_client_gets_in_at_once(self, client="spare", **how):
        """While another one's session lives: it is told that through TLS, so it got through its handshake."""
        mark = self.mark()
        with tls_connect(self.identity, pem=self.identity.pem(client), port=self.port, timeout=4, **how) as connection:
            self.wait_for(f"connection refused reason=session-busy from={re.escape(from_address(connection))} ",
                          timeout=4, after=mark)

    def is_sanitized(self):
        with open(f"/proc/{self.pid}/maps", encoding="ascii", errors="replace") as maps:
            return "libasan" in maps.read()

    def memory(self):
        """Resident bytes."""
        return int(self._status("VmRSS")) * 1024

    def wakeups(self):
        """How often the process went to sleep of its own accord so far."""
        return int(self._status("voluntary_ctxt_switches"))

    def processor_seconds(self):
        """The processor time that it has used."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii", errors="replace") as stat:
            user, system = stat.read().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        """How many it has open, without those of files, which it opens for a moment to report."""
        folder = f"/proc/{self.pid}/fd"
        return sum(1 for number in os.listdir(folder) if not self._is_a_file(f"{folder}/{number}"))

    @staticmethod
    def _is_a_file(link):
        try:
            target = os.readlink(link)
        except FileNotFoundError:  # it was, a moment ago
            return True
        return target.startswith("/") and not target.startswith("/dev/")

    def _status(self, key):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return re.search(rf"^{key}:\s+(\d+)", status.read(), re.MULTILINE).group(1)


def write_config(path, **settings):
    # Numbers, texts and lists of texts are written alike in TOML and JSON.
    lines = [f"{key} = {json.dumps(value, default=str)}" for key, value in settings.items()]
    path.write_text("\n".join(lines) + "\n")
    return path
