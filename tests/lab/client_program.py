"""A client that can be frozen and killed: a process of its own that holds a TLS session and echoes what it gets.

Run as a program: client_program.py SERVER_CERTIFICATE PEM ADDRESS PORT MODE, with MODE one of
  hold   reads nothing and says nothing
  echo   says back whatever comes
It prints "connected ADDRESS:PORT" when it is.
"""

import socket
import ssl
import sys
import time


def main(certificate, pem, address, port, mode):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificate)
    context.load_cert_chain(pem)
    with context.wrap_socket(socket.create_connection((address, int(port))), server_hostname="pizwg-server") as tls:
        print("connected {}:{}".format(*tls.getsockname()), flush=True)
        while mode == "hold":
            time.sleep(3600)
        while data := tls.recv(65536):
            tls.sendall(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
