"""Imports point one way, and no file of ours carries an address of a registry or a path of a machine."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]


def test_import_contract_holds():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    result = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr


def test_locks_hold_versions_and_hashes_and_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^[a-z0-9][\w.\-]*==", text, re.MULTILINE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)


def test_the_drawing_of_the_architecture_is_made_from_the_imports():
    from tests.drawing import PAGE, rewritten

    text = PAGE.read_text(encoding="utf-8")
    assert rewritten(text) == text, "python -m tests.drawing rewrites it"
