"""What keeps an application's tty alive on a client's machine: pizwg-connect, or what users had before it. Each is a function
(programs, prefix, identity, client, server, tty) that starts it; `prefix` is a command that runs another on that machine."""

from lab.program import BIN

# As a service manager or a container does it that is told to restart what ends.
RESTARTED = ["sh", "-c", 'while :; do "$@"; sleep 1; done', "restarted"]


def pizwg_connect(*options):
    def start(programs, prefix, identity, client, server, tty):
        started = programs.start(
            *prefix, BIN / "pizwg-connect", server, "--tty", tty, "--server-certificate", identity.server_certificate,
            "--client-pem", identity.pem(client), "--control", programs.folder / "control", *options,
            name="pizwg-connect")
        started.wait_for("port offered", after=started.began)
        return started

    start.connected = "connected server="
    return start


def socat(programs, prefix, identity, client, server, tty):
    """The command of the first PiZWG's users, but for address and paths, started again a second after its end."""
    return programs.start(
        *prefix, *RESTARTED, "socat", "-d", "-d", "-s", "-T30", f"pty,link={tty},raw,user=root,group=root,mode=777",
        f"openssl-connect:{server}:3333,cafile={identity.server_certificate},commonname=pizwg-server,"
        f"cert={identity.pem(client)}", name="socat")


socat.connected = "starting data transfer loop"
