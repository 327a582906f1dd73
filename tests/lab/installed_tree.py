"""PiZWG as `make install` installs it, in a folder, for a machine that tests/units/boot boots; and that machine's hardware: the
gateway is a pty and the hub a script in uhubctl's place. What is looked at there is systemd, not the USB."""

import os
from pathlib import Path

from lab.program import BIN, run
from lab.waiting import until

LAB = Path("/run/lab")  # on the machine; the gateway's and the hub's
CONFIG = 'role = "cluster"\ndevice = "/run/lab/stick"\nhub = "1-1"\nhub_port = 2\ngateway_limit_seconds = 2\n'
VIP = "10.88.0.254"
# A program with AddressSanitizer may not look for leaks: that is a debugger to the sandbox.
NO_LEAK_CHECK = """[Service]
Environment=ASAN_OPTIONS=detect_leaks=0
"""
# What the lab's hardware needs beyond the real one's, for pizwgd: the pty, and the folder in which it comes and goes.
DROP_IN = f"""{NO_LEAK_CHECK}DeviceAllow=char-pts rw
ReadWritePaths={LAB}
"""
UHUBCTL = f"""#!/bin/sh
# uhubctl's stand-in: the power of port 2 of hub 1-1 is a symbolic link's being there. A file named "stuck" or "hanging" is a
# fault.
cd {LAB} || exit 1
[ ! -e hanging ] || exec sleep 1000
while [ $# -gt 0 ]; do
  case "$1" in
    --action) action=$2 ;;
  esac
  shift
done
case "$action" in
  on) ln -sf tty stick ;;
  off) [ -e stuck ] || rm -f stick ;;
esac
echo "$action $(date +%s.%N) $(grep -c {VIP} /proc/self/net/fib_trie)" >>power.log
"""


def install_tree(folder, config=CONFIG):
    """What is to be over the machine's own files: PiZWG as installed, the lab's hardware and its configuration."""
    tree = Path(folder)
    run("cmake", "--install", BIN.parent, "--prefix", "/usr", env=os.environ | {"DESTDIR": str(tree)})
    run("cmake", "--install", BIN.parent, "--prefix", "/usr", "--component", "simulator",
        env=os.environ | {"DESTDIR": str(tree)})
    for path, content, mode in (("etc/pizwg/pizwg.toml", config, 0o644),
                                ("etc/systemd/system/pizwgd.service.d/lab.conf", DROP_IN, 0o644),
                                ("etc/systemd/system/pizwg-connect@.service.d/lab.conf", NO_LEAK_CHECK, 0o644),
                                ("etc/systemd/system/pizwg-doctor.service.d/lab.conf", NO_LEAK_CHECK, 0o644),
                                ("usr/local/sbin/uhubctl", UHUBCTL, 0o755)):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(content)
        (tree / path).chmod(mode)
    return tree


class PowerLog:
    """What the hub was told, and whether the VIP was here then."""

    def __init__(self, file, whole=False):
        self._file = file
        if not whole:
            self._file.seek(0, os.SEEK_END)

    def next_off(self, timeout=20):
        """Waits for the first time since the last question that the hub went off; whether the VIP was held then."""
        def look():
            for line in self._file:
                action, _, held = line.split()
                if action == "off":
                    return [held != "0"]
            return None

        return until(look, timeout, "the hub's going off")[0]
