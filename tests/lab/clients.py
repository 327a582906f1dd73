"""Clients that are programs: one of Python's, and the socat command that users of the first PiZWG have."""

import os
import re
import sys
from pathlib import Path

from lab.identity import CLIENT


def start_client(programs, daemon, mode="echo", client=CLIENT, address="127.0.0.1", prefix=(), name="client"):
    """A client process with a session, see lab/client_program.py."""
    identity = daemon.identity
    started = programs.start(*prefix, sys.executable, Path(__file__).parent / "client_program.py",
                             identity.server_certificate, identity.pem(client), address, str(daemon.port), mode,
                             name=name)
    where = started.wait_for(r"connected (\S+)").group(1)
    daemon.wait_for(f"session started client={client} from={re.escape(where)}$")
    return started


def start_socat(programs, daemon, link, name="socat"):
    """The command of the first PiZWG's users, but for address, port and paths; run in the folder of its files."""
    started = programs.start(
        "socat", "-d", "-d", "-s", "-T30", f"pty,link={link},raw,user=root,group=root,mode=777",
        f"openssl-connect:127.0.0.1:{daemon.port},cafile=etc/ser2net/ser2net.crt,commonname=pizwg-server,"
        "cert=root/pizwg-client.pem", name=name, cwd=daemon.identity.root)
    started.wait_for("starting data transfer loop")
    assert os.path.islink(link)
    return started
