"""A small Z-Wave Serial API host: what a driver does first, with a deadline on everything.

Works over a tty (a path or a descriptor), over a TCP or TLS socket, or over anything with `read(timeout) -> bytes`
and `write(data)`. Every wait that is not met raises TimeoutError; a line that ends raises ConnectionError.
"""

import functools
import operator
import os
import select
import socket
import ssl
import time
import tty

SOF, ACK, NAK, CAN = 0x01, 0x06, 0x15, 0x18
REQUEST, RESPONSE = 0, 1


def checksum(data):
    return functools.reduce(operator.xor, data, 0xFF)


def frame(function, payload=b"", kind=REQUEST):
    """The bytes of a frame on the line."""
    body = bytes([len(payload) + 3, kind, function]) + bytes(payload)
    return bytes([SOF]) + body + bytes([checksum(body)])


class Tty:
    """A tty by path (opened raw, and closed by close()) or by descriptor (which stays the caller's)."""

    def __init__(self, path_or_fd):
        self._owned = not isinstance(path_or_fd, int)
        self.fd = os.open(path_or_fd, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC) if self._owned else path_or_fd
        os.set_blocking(self.fd, False)
        if self._owned:
            tty.setraw(self.fd)

    def read(self, timeout):
        if not select.select([self.fd], [], [], max(timeout, 0))[0]:
            return None
        try:
            data = os.read(self.fd, 4096)
        except OSError as error:
            raise ConnectionError(f"the line ended: {error}") from error
        if not data:
            raise ConnectionError("the line ended")
        return data

    def write(self, data, timeout=10.0):
        deadline = time.monotonic() + timeout
        while data:
            if not select.select([], [self.fd], [], max(deadline - time.monotonic(), 0))[1]:
                raise TimeoutError(f"{len(data)} bytes not taken within {timeout} s")
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                continue
            except OSError as error:
                raise ConnectionError(f"the line ended: {error}") from error

    def close(self):
        if self._owned and self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Socket:
    """A connected TCP or TLS socket."""

    def __init__(self, connected):
        self.socket = connected

    def read(self, timeout):
        self.socket.settimeout(max(timeout, 0.001))
        try:
            data = self.socket.recv(4096)
        except (TimeoutError, ssl.SSLWantReadError):
            return None
        except OSError as error:
            raise ConnectionError(f"the line ended: {error}") from error
        if not data:
            raise ConnectionError("the line ended")
        return data

    def write(self, data, timeout=10.0):
        self.socket.settimeout(timeout)
        self.socket.sendall(data)

    def close(self):
        self.socket.close()


def line_over(thing):
    """Tty or Socket for a path, a descriptor or a socket; anything else is a line already."""
    if isinstance(thing, (int, str, os.PathLike)):
        return Tty(thing)
    return Socket(thing) if isinstance(thing, socket.socket) else thing


class SerialApi:
    """The host's side: requests are acknowledged and answered; what the stick says unasked is kept in order."""

    def __init__(self, thing, timeout=5.0):
        self.line = line_over(thing)
        self.timeout = timeout
        self.unsolicited = []  # (function, payload), oldest first
        self._bytes = bytearray()
        self._callback = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.line.close()

    # --- bytes and units

    def write(self, data):
        self.line.write(bytes(data))

    def read_exactly(self, count, timeout=None):
        """The next `count` bytes, whatever they are."""
        deadline = self._deadline(timeout)
        while len(self._bytes) < count:
            self._fill(deadline, f"{count} bytes, {len(self._bytes)} came")
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        return taken

    def read_unit(self, timeout=None):
        """The next whole unit on the line as bytes: a frame, or a single byte (ACK, NAK, CAN, or noise)."""
        deadline = self._deadline(timeout)
        while not self._bytes:
            self._fill(deadline, "anything")
        if self._bytes[0] != SOF:
            return self.read_exactly(1)
        while len(self._bytes) < 2 or len(self._bytes) < self._bytes[1] + 2:
            self._fill(deadline, "the rest of a frame")
        return self.read_exactly(self._bytes[1] + 2)

    def is_silent_for(self, seconds):
        """True when not a byte comes for that long."""
        deadline = time.monotonic() + seconds
        try:
            while not self._bytes:
                self._fill(deadline, "a byte")
        except TimeoutError:
            return True
        return False

    def read_frame(self, timeout=None):
        """The next good frame, which it acknowledges: (kind, function, payload). Anything else fails."""
        unit = self.read_unit(timeout)
        if unit[0] != SOF or checksum(unit[1:]) != 0:
            raise AssertionError(f"not a frame: {unit.hex()}")
        self.write([ACK])
        return unit[2], unit[3], unit[4:-1]

    # --- requests

    def send(self, function, payload=b"", timeout=None):
        """Sends a request and waits until the stick has acknowledged it."""
        request = frame(function, payload)
        self.write(request)
        cancelled = 0
        deadline = self._deadline(timeout)
        while True:
            unit = self.read_unit(deadline - time.monotonic())
            if unit[0] == SOF:  # said before it heard us
                self.write([ACK])
                self.unsolicited.append((unit[3], unit[4:-1]))
                continue
            if unit[0] == CAN and cancelled < 3:  # it was speaking: our turn now
                self.write(request)
                cancelled += 1
                continue
            assert unit[0] == ACK, f"expected an ACK, not {unit.hex()}"
            return

    def request(self, function, payload=b"", timeout=None):
        """The payload of the response to a request."""
        deadline = self._deadline(timeout)
        self.send(function, payload, timeout)
        while True:
            kind, answered, answer = self.read_frame(deadline - time.monotonic())
            if kind == RESPONSE:
                assert answered == function, f"response to {answered:#x}, not to {function:#x}"
                return answer
            self.unsolicited.append((answered, answer))

    def wait_for(self, function, timeout=None):
        """The payload of the next unsolicited frame of that function, whether it came already or not."""
        deadline = self._deadline(timeout)
        while True:
            for i, (said, payload) in enumerate(self.unsolicited):
                if said == function:
                    del self.unsolicited[i]
                    return payload
            _, said, payload = self.read_frame(deadline - time.monotonic())
            self.unsolicited.append((said, payload))

    # --- what a driver asks first

    def version(self):
        """Such as "Z-Wave 7.18"."""
        return self.request(0x15).split(b"\0")[0].decode()

    def home_id(self):
        """Eight hexadecimal digits, in lower case."""
        return self.request(0x20)[:4].hex()

    def own_node(self):
        return self.request(0x20)[4]

    def nodes(self):
        """The ids of the nodes in the network."""
        answer = self.request(0x02)
        mask = answer[3:3 + answer[2]]
        return [i + 1 for i in range(len(mask) * 8) if mask[i // 8] >> i % 8 & 1]

    def functions(self):
        """The functions that the stick says it answers."""
        mask = self.request(0x07)[8:40]
        return {i + 1 for i in range(256) if mask[i // 8] >> i % 8 & 1}

    def send_data(self, node, command):
        """Sends a command to a node; true when the node has acknowledged it."""
        self._callback = self._callback % 255 + 1
        payload = bytes([node, len(command), *command, 0x25, self._callback])
        assert self.request(0x13, payload) == b"\x01", "the stick refused the command"
        answer = self.wait_for(0x13)
        assert answer[0] == self._callback, f"callback {answer[0]}, not {self._callback}"
        return answer[1] == 0

    def set_switch(self, node, on):
        return self.send_data(node, [0x25, 0x01, 0xFF if on else 0x00])

    def switch_is_on(self, node):
        assert self.send_data(node, [0x25, 0x02]), f"node {node} does not answer"
        return self.wait_for_report(node)

    def wait_for_report(self, node, timeout=None):
        """What the node's next binary switch report says: true for on."""
        payload = self.wait_for(0x04, timeout)
        assert payload[1:5] == bytes([node, 3, 0x25, 0x03]), f"another report: {payload.hex()}"
        return payload[5] != 0

    # ---

    def _deadline(self, timeout):
        return time.monotonic() + (self.timeout if timeout is None else timeout)

    def _fill(self, deadline, what):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"not in time: {what}")
        self._bytes += self.line.read(left) or b""
