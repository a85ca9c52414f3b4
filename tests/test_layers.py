"""Imports point one way, and no file of ours carries an address of a registry or a path of a machine."""

import ast
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


CHECKS = ROOT / "src" / "potline" / "agreement" / "checks"
SOLVES = re.compile(
    r"potline\.(agreement(?!\.(checks|certificate))|numerics\.(joint_cut|coalitions|repeated|sharing\.(levels|programs)))"
)


def imported(file: pathlib.Path, *, typing: bool) -> set[tuple[str, str]]:
    """Return the modules and names a file imports; ``typing``: also what only a reader of types imports."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and (typing or id(node) not in only)]
    return {(node.module or "", name.name) for node in found for name in node.names}


def test_what_solves_a_meeting_uses_nothing_of_what_checks_it():
    """From the checkers only the verbs that verify; not their arithmetic."""
    for file in (ROOT / "src").rglob("*.py"):
        if file.is_relative_to(CHECKS):
            continue
        for module, name in imported(file, typing=True):
            if module.startswith("potline.agreement.checks"):
                assert name.startswith("verify_"), f"{file}: {module}.{name}"


def test_what_checks_a_meeting_uses_nothing_of_what_solves_it():
    files = sorted(CHECKS.glob("*.py"))
    assert len(files) > 10
    for file in files:
        for module, name in imported(file, typing=False):
            assert not SOLVES.match(f"{module}.{name}"), f"{file}: {module}.{name}"
