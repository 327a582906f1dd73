"""An archive of Debian packages on the hosts' network, with what a test puts into it."""

import sys
from pathlib import Path

from lab.program import run

PORT = 8080


def make_package(folder, name, version):
    """A package that has nothing in it."""
    tree = Path(folder) / f"{name}-tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(f"Package: {name}\nVersion: {version}\nArchitecture: all\nSection: misc\n"
                                         f"Maintainer: nobody <nobody@localhost>\nDescription: a test's\n")
    run("dpkg-deb", "--root-owner-group", "--build", tree, folder)


def make_newer(package, folder, version):
    """The same package with another version."""
    tree = Path(folder) / f"{Path(package).stem}-tree"
    run("dpkg-deb", "--raw-extract", package, tree)
    control = tree / "DEBIAN/control"
    lines = [f"Version: {version}" if line.startswith("Version: ") else line for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    run("dpkg-deb", "--root-owner-group", "--build", "-Zgzip", tree, folder)


def serve(programs, folder, address):
    """The packages of a folder, for apt; the line for its sources."""
    index = run("dpkg-scanpackages", "--multiversion", ".", cwd=folder).stdout
    (Path(folder) / "Packages").write_text(index)
    server = programs.start(sys.executable, "-u", "-m", "http.server", str(PORT), "--bind", address, "--directory", folder,
                            name="archive")
    server.wait_for("Serving HTTP")
    return f"deb [trusted=yes] http://{address}:{PORT} ./"
