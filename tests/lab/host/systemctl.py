#!/usr/bin/python3 -SE
"""systemctl on a laboratory's host: hands its words to the host's first process (lab/host/init.py)."""

import shlex
import socket
import sys

ORDERS = "/run/lab-orders"

with socket.socket(socket.AF_UNIX) as asking:
    asking.settimeout(5)
    asking.connect(ORDERS)
    asking.sendall((shlex.join(sys.argv[1:]) + "\n").encode())
    complaint = asking.recv(4096).decode()
if complaint:
    print(f"Failed: {complaint}", file=sys.stderr)
    sys.exit(1)
