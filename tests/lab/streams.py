"""Endless pseudo-random streams of bytes, made and checked piece by piece, so that every byte lost, changed or added
is noticed at the place where it happened."""

import random


class Stream:
    """The bytes of a seed, in order."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._made = bytearray()
        self.position = 0

    def peek(self, count):
        """The next `count` bytes, which stay the next ones."""
        while len(self._made) < count:
            self._made += self._random.randbytes(16384)
        return bytes(self._made[:count])

    def advance(self, count):
        del self._made[:count]
        self.position += count


class Check:
    """Compares what arrives with the stream of a seed."""

    def __init__(self, seed):
        self._expected = Stream(seed)

    @property
    def position(self):
        return self._expected.position

    def arrived(self, data):
        expected = self._expected.peek(len(data))
        if data != expected:
            at = next(i for i, (a, b) in enumerate(zip(data, expected, strict=True)) if a != b)
            raise AssertionError(f"byte {self.position + at}: {data[at:at + 16].hex()} instead of "
                                 f"{expected[at:at + 16].hex()}")
        self._expected.advance(len(data))
