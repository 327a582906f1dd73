"""A gratuitous ARP, as keepalived sends it when it takes over a VIP: announce.py INTERFACE ADDRESS."""

import socket
import sys

_ARP = 0x0806


def main(interface, address):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ARP)) as packet:
        packet.bind((interface, _ARP))
        mac = packet.getsockname()[4]
        ip = socket.inet_aton(address)
        request = b"\x00\x01\x08\x00\x06\x04\x00\x01"  # Ethernet, IPv4, who-has
        packet.send(b"\xff" * 6 + mac + _ARP.to_bytes(2, "big") + request + mac + ip + bytes(6) + ip)


if __name__ == "__main__":
    main(*sys.argv[1:])
