"""Man pages and completion: whole, and about what there is."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from lab.program import BIN, run

REPOSITORY = Path(__file__).parents[2]
DOCUMENTS = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
PAGES = sorted((REPOSITORY / "packaging/man").glob("*.scd"))


def page(name):
    return (REPOSITORY / f"packaging/man/{name}.scd").read_text()


def commands():
    listed = run("pizwg", "help").stdout.partition("commands:\n")[2].partition("\noptions:")[0]
    return [re.match(r"  ([a-z]+(?: [a-z]+)?)", line).group(1) for line in listed.splitlines()]


@pytest.mark.parametrize("source", PAGES, ids=lambda path: path.stem)
def test_each_page_is_shown_without_a_warning(source):
    with open(source, "rb") as text:
        made = subprocess.run(["scdoc"], stdin=text, capture_output=True, check=False, timeout=30)
    assert made.returncode == 0, made.stderr.decode()
    shown = subprocess.run(["man", "--warnings", "--local-file", "-"], input=made.stdout, capture_output=True, check=True,
                           timeout=30, env=os.environ | {"MANWIDTH": "80", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
    assert not shown.stderr
    lines = re.sub(".\b", "", shown.stdout.decode()).expandtabs().splitlines()
    assert lines[0].startswith(source.stem.rpartition(".")[0] + "(") and max(map(len, lines)) <= 80


def test_every_command_is_in_its_page():
    for command in commands():
        assert re.search(rf"^\*{command}\*|, \*{command}\*", page("pizwg.8"), re.MULTILINE), command


@pytest.mark.parametrize("program, its_page", [("pizwgd", "pizwgd.8"), ("pizwg-connect", "pizwg-connect.1")])
def test_every_long_option_of_a_program_is_in_its_page(program, its_page):
    for option in re.findall(r"(--[a-z0-9-]+)", run(program, "--help").stdout):
        assert f"*{option}*" in page(its_page), option


def test_every_option_of_status_and_doctor_is_in_their_page():
    for command in ("status", "doctor", "handover", "prove", "backup", "restore"):
        for option in re.findall(r"^  (--[a-z-]+)", run("pizwg", "help", command).stdout, re.MULTILINE):
            assert f"*{option}*" in page("pizwg.8"), option


@pytest.mark.parametrize("source, its_page, at_least",
                         [("config", "pizwg.toml.5", 19), ("connect_config", "pizwg-connect.toml.5", 16)])
def test_every_key_of_a_configuration_is_in_its_page(source, its_page, at_least):
    text = (REPOSITORY / f"src/core/{source}.cpp").read_text()
    keys = re.findall(r'^    \{"([a-z0-9_]+)",', text, re.MULTILINE)
    assert len(keys) >= at_least
    assert re.findall(r"^\*([a-z0-9_]+)\* = ", page(its_page), re.MULTILINE) == keys


def test_the_help_fits_a_screen():
    said = run("pizwg", "help").stdout.splitlines()
    assert len(said) <= 24 and max(map(len, said)) <= 80
    for command in commands():
        said = run("pizwg", "help", *command.split()).stdout.splitlines()
        assert len(said) <= 24 and max(map(len, said)) <= 80, command


@pytest.mark.parametrize("command", ["pizwgd", "pizwg-connect", "pizwg-connect status", "pizwg-sim", "pizwg-sim gateway",
                                     "pizwg-sim hub"])
def test_the_help_of_the_other_programs_fits_80_columns(command):
    assert max(map(len, run(*command.split(), "--help").stdout.splitlines())) <= 80


def commands_of(page):
    """What a page tells its reader to type: in a block, or between the lines."""
    text = page.read_text()
    blocks = re.findall(r"^    (?:sudo )?(pizwg [^\n#&|>]*)", text, re.MULTILINE)
    return [command.split()[1:] for command in blocks + re.findall(r"`(pizwg [^`]*)`", text)]


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_the_documents_is_one_with_its_options(page):
    for words in commands_of(page):
        if words[:1] == ["--root"]:
            del words[:2]
        command = next((name for name in commands() if words[:len(name.split())] == name.split()), None)
        assert command, words
        known = re.findall(r"^  (--[a-z-]+)", run("pizwg", "help", *command.split()).stdout, re.MULTILINE)
        assert {word for word in words if word.startswith("--")} <= {*known}, words


def completions(program, *words):
    """What bash would offer for the last word."""
    script = (f'. {REPOSITORY}/packaging/completions/{program}; COMP_WORDS=({BIN}/{program} "$@"); COMP_CWORD=$#; '
              f'_{program.replace("-", "_")}; printf "%s\\n" "${{COMPREPLY[@]}}"')
    return set(run("bash", "-c", script, "bash", *words).stdout.split())


@pytest.mark.parametrize("words, offered", [
    (["sta"], {"status"}),
    (["ma"], {"maintenance"}),
    (["client", ""], {"add", "list", "revoke"}),
    (["maintenance", "o"], {"on", "off"}),
    (["status", "--"], {"--json", "--watch", "--host", "--root", "--help"}),
    (["--root", "/tmp", "doc"], {"doctor"}),
    (["client", "add", "--k"], {"--key"}),
    (["help", "do"], {"doctor"}),
])
def test_bash_completes(words, offered):
    assert completions("pizwg", *words) == offered


def test_bash_is_told_of_the_completion():
    """In a shell that somebody types in."""
    script = f". {REPOSITORY}/packaging/completions/pizwg; complete -p pizwg"
    assert run("bash", "--norc", "-ic", script).stdout == "complete -F _pizwg pizwg\n"


@pytest.mark.parametrize("words, offered", [
    (["sta"], {"status"}),
    (["--fr"], {"--framing"}),
    (["192.168.1.254", "--framing", ""], {"zwave", "none"}),
    (["192.168.1.254", "--on-outage", "ha"], {"hangup"}),
    (["status", "--js"], {"--json"}),
    (["--group", "dialo"], {"dialout"}),
])
def test_bash_completes_pizwg_connect(words, offered):
    assert completions("pizwg-connect", *words) == offered
