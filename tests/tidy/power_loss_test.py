"""The scenarios' own card: what it keeps when its power goes, from a log of writes made by hand."""

import random

from lab.power_loss import ENTRY, FLUSH, FUA, HEAD, MAGIC, SECTOR, settle


def padded(head):
    return head + bytes(SECTOR - len(head))


def write(sector, letter, sectors=1, flags=0):
    return padded(ENTRY.pack(sector, sectors, flags, 0)) + letter * SECTOR * sectors


def after(folder, log, seed=1, begun=True):
    """(the disk of 64 sectors, a letter each, and how many were lost)."""
    (folder / "disk").write_bytes(b"-" * SECTOR * 64)
    (folder / "log").write_bytes((padded(HEAD.pack(MAGIC, 1, 0, SECTOR)) if begun else b"") + log)
    lost = settle(folder / "disk", folder / "log", random.Random(seed))
    disk = (folder / "disk").read_bytes()
    return "".join(chr(disk[place]) for place in range(0, len(disk), SECTOR)), lost


def test_what_was_flushed_is_kept(tmp_path):
    flush = padded(ENTRY.pack(0, 0, FLUSH, 0))
    assert after(tmp_path, write(0, b"a", 2) + write(1, b"b") + flush) == ("ab" + "-" * 62, 0)


def test_what_was_not_is_kept_in_part(tmp_path):
    disk, lost = after(tmp_path, write(0, b"a", 64))
    assert 0 < lost < 64 and disk.count("a") == 64 - lost and disk.count("-") == lost


def test_what_was_written_through_is_kept_beside_what_is_lost(tmp_path):
    disk, _ = after(tmp_path, write(0, b"a", 60) + write(62, b"b", flags=FUA))
    assert disk[62] == "b" and "-" in disk[:60]


def test_a_log_that_was_cut_off_counts_as_far_as_it_goes(tmp_path):
    flush = padded(ENTRY.pack(0, 0, FLUSH, 0))
    assert after(tmp_path, write(0, b"a") + flush + write(1, b"b", 3)[:-1]) == ("a" + "-" * 63, 0)
    assert after(tmp_path, write(0, b"a") + flush + bytes(4 * SECTOR)) == ("a" + "-" * 63, 0)
    assert after(tmp_path, b"", begun=False) == ("-" * 64, 0)
