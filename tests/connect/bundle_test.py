"""The identity out of a backup."""

import pytest

from lab.program import run


@pytest.mark.parametrize("archiver", ["pizwg", "tar"])
def test_a_bundle_has_all_that_is_needed(programs, daemon, identity, tmp_path, archiver):
    bundle = tmp_path / "backup.tar"
    if archiver == "pizwg":
        run("pizwg", "--root", identity.root, "backup", "--output", bundle)
    else:
        run("tar", "-C", identity.root, "-cf", bundle, "root/spare.pem", "./etc", "./root")
    for client in ("pizwg-client", "spare"):
        program = programs.start("pizwg-connect", "127.0.0.1", "--tcp", "127.0.0.1:4000", "--bundle", bundle, "--client",
                                 client, name=client)
        daemon.wait_for(f"session started client={client}")
        program.end()


def test_a_client_that_the_bundle_has_not(identity, tmp_path):
    bundle = tmp_path / "backup.tar"
    run("pizwg", "--root", identity.root, "backup", "--output", bundle)
    result = run("pizwg-connect", "127.0.0.1", "--tcp", "127.0.0.1:4000", "--bundle", bundle, "--client", "ghost",
                 check=False)
    assert result.returncode == 1
    assert 'there is no "root/ghost.pem" in it' in result.stderr
