"""Where the partitions of an image's disk are."""

import json

from lab.program import run

SECTOR = 512


def partitions(disk):
    """(offset, size) in bytes of boot, root and data."""
    table = json.loads(run("sfdisk", "--json", disk).stdout)["partitiontable"]["partitions"]
    return {name: (place["start"] * SECTOR, place["size"] * SECTOR)
            for name, place in zip(("boot", "root", "data"), table, strict=True)}
