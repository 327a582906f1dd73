"""The container image: what is in it, that it is made the same each time, and that names are found in it."""

from lab.oci import ARCHITECTURE, SECONDS, VERSION, make_layout

PROGRAM = "usr/bin/pizwg-connect"
MEGABYTE = 1_000_000


def files_of(layout):
    return {path.relative_to(layout): path.read_bytes() for path in layout.rglob("*") if path.is_file()}


def test_the_same_program_gives_the_same_bytes(layout, tmp_path):
    assert files_of(make_layout(tmp_path / "again")) == files_of(layout)


def test_it_holds_the_program_and_nothing_else(image):
    members = image.members()
    assert [name for name, member in members.items() if not member.isdir()] == [PROGRAM]
    assert all((m.uid, m.gid, m.mode & 0o777, m.mtime) == (0, 0, 0o755, SECONDS) for m in members.values())
    assert sum(member.size for member in members.values()) < 15 * MEGABYTE


def test_it_says_what_it_is(image):
    config = image.config["config"]
    assert config["User"] == "65532:65532" and config["Entrypoint"] == ["/" + PROGRAM]
    assert config["Labels"]["org.opencontainers.image.version"] == VERSION
    assert config["Labels"]["org.opencontainers.image.revision"] == "a-revision"
    assert (image.config["architecture"], image.config["os"]) == (ARCHITECTURE, "linux")
    names = image.index["manifests"][0]["annotations"]
    assert names["io.containerd.image.name"] == f"localhost/pizwg-connect:{VERSION}"
