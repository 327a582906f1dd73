"""What is left on a disk whose power went: of what was written after the last flush, any part may be lost.

QEMU logs all writes of a guest in the order in which they were made (its driver blklogwrites, in the format of Linux'
dm-log-writes): a sector with the log's head; for each write a sector that begins with where it went (8 bytes, in sectors), how many
sectors it has (8), flags (8) and a length that is not used here (8), and then its data. All numbers are little-endian.
"""

import os
import struct
import subprocess

from lab.partitions import SECTOR, partitions
from lab.program import run

HEAD = struct.Struct("<QQQI")
ENTRY = struct.Struct("<QQQQ")
MAGIC = 0x6A736677736872
FLUSH, FUA, DISCARD = 1, 2, 4


def settle(disk, log, chance):
    """Writes to `disk`, as it was when the log began, what of the log is on it after a loss of power: all before the last flush,
    and each later sector as `chance` (a random.Random) has it. Returns how many sectors were lost."""
    writes = list(_writes(log))
    safe = max((number + 1 for number, (_, flags, _) in enumerate(writes) if flags & FLUSH), default=0)
    lost = 0
    with open(disk, "r+b", buffering=0) as file:
        for number, (place, flags, data) in enumerate(writes):
            if number < safe or flags & FUA:
                os.pwrite(file.fileno(), data, place)
                continue
            for offset in range(0, len(data), SECTOR):
                if chance.random() < 0.5:
                    os.pwrite(file.fileno(), data[offset:offset + SECTOR], place + offset)
                else:
                    lost += 1
    return lost


def _writes(log):
    """(offset in bytes, flags, data) of each write, up to where the log was cut off."""
    with open(log, "rb") as file:
        head = file.read(SECTOR)
        if len(head) < SECTOR:
            return  # nothing was written
        magic, version, _, sector = HEAD.unpack_from(head)
        assert (magic, version, sector) == (MAGIC, 1, SECTOR), "not a log of writes"
        while len(entry := file.read(SECTOR)) == SECTOR:
            place, count, flags, _ = ENTRY.unpack_from(entry)
            assert not flags & DISCARD, "the disk offers no discarding"
            if not count and not flags:
                return  # room that was taken for an entry, which did not come
            data = file.read(count * SECTOR)
            if len(data) < count * SECTOR:
                return
            yield place * SECTOR, flags, data


class CheckedDisk:
    """A disk as the next boot finds it: copies of its partitions (boot, root, data) in `folder`, whose checks have replayed the
    journals, and found nothing that would want somebody's answer."""

    def __init__(self, disk, folder):
        self._folder = folder
        for name, (offset, size) in partitions(disk).items():
            run("dd", f"if={disk}", f"of={self._path(name)}", "bs=1M", "conv=sparse", "iflag=skip_bytes,count_bytes", "status=none",
                f"skip={offset}", f"count={size}")
        self._check("fsck.fat", "-a", self._path("boot"))
        self._check("e2fsck", "-p", self._path("root"))
        self._check("e2fsck", "-p", self._path("data"))

    def boot_file(self, path):
        """Its bytes; nothing when it is not there."""
        return subprocess.run(["mtype", "-i", self._path("boot"), f"::/{path}"], capture_output=True, check=False).stdout

    def file(self, partition, path):
        """The same of the root or the data partition."""
        return subprocess.run(["debugfs", "-R", f"cat {path}", self._path(partition)], capture_output=True, check=False).stdout

    def _path(self, name):
        return self._folder / f"checked-{name}"

    @staticmethod
    def _check(*command):
        done = run(*command, check=False)
        # 1: there was something to mend, which it did. More: it wants somebody.
        assert done.returncode in (0, 1), f"{command} exited with {done.returncode}\n{done.stdout}{done.stderr}"
