"""A DNS server on loopback that this mount namespace's resolver asks. Needs namespaces of its own (tests/isolated)."""

import contextlib
import socket
import struct
import subprocess
import threading

NO_SUCH_NAME, SERVER_FAILURE = 3, 2
A_RECORD = 1


class NameServer:
    """`answer`: an IPv4 address for every name, or one of the failures above."""

    def __init__(self, answer):
        self.answer = answer
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            question, asker = self.socket.recvfrom(512)
            if not question:
                return
            self.socket.sendto(self._answer_to(question), asker)

    def _answer_to(self, question):
        name_end = question.index(b"\0", 12)
        asked = question[12:name_end + 5]  # name, type, class
        failure = self.answer if isinstance(self.answer, int) else 0
        records = b""
        if not failure and asked[-4:-2] == struct.pack("!H", A_RECORD):
            records = struct.pack("!HHHIH", 0xC00C, A_RECORD, 1, 0, 4) + socket.inet_aton(self.answer)
        header = question[:2] + struct.pack("!HHHHH", 0x8180 | failure, 1, 1 if records else 0, 0, 0)
        return header + asked + records

    def close(self):
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join(10)
        self.socket.close()


@contextlib.contextmanager
def name_server(folder, answer):
    """The one that /etc/resolv.conf names until the end."""
    resolver = folder / "resolv.conf"
    resolver.write_text("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", resolver, "/etc/resolv.conf"], check=True)
    server = NameServer(answer)
    try:
        yield server
    finally:
        server.close()
        subprocess.run(["umount", "/etc/resolv.conf"], check=True)
