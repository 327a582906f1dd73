"""ARCHITECTURE.md's table of the lifecycle is the one that the code has."""

import difflib
import os
import subprocess
from pathlib import Path

ARCHITECTURE = Path(__file__).parents[2] / "ARCHITECTURE.md"
BEGIN = "<!-- lifecycle table: begin -->\n"
END = "<!-- lifecycle table: end -->\n"


def table_of_the_code():
    program = Path(os.environ["PIZWG_BIN"]) / "pizwg-lifecycle-table"
    return subprocess.run([program], check=True, capture_output=True, text=True, timeout=60).stdout


def table_of_the_document():
    return ARCHITECTURE.read_text().split(BEGIN)[1].split(END)[0]


def test_the_document_has_the_tables_markers_once():
    text = ARCHITECTURE.read_text()
    assert text.count(BEGIN) == 1 and text.count(END) == 1


def test_the_documents_table_is_the_codes():
    document, code = table_of_the_document(), table_of_the_code()
    changes = "".join(difflib.unified_diff(document.splitlines(True), code.splitlines(True), "ARCHITECTURE.md", "code"))
    assert document == code, f"ARCHITECTURE.md has another table; this prints the new one:\n" \
                             f"  build/release/bin/pizwg-lifecycle-table\n{changes}"


def test_the_table_fits_a_page():
    assert max(map(len, table_of_the_code().splitlines())) <= 120
