"""The locks hold versions and hashes, and nothing that needs a licence or a place to come from."""

from __future__ import annotations

import pathlib
import re
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"[a-z0-9][a-z0-9.-]*(\[[a-z0-9,]+\])?==[0-9][\w.+!]*( ; [^:/@]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
# Solvers whose licence ends, or asks who uses it.
LICENSED = ("gams", "gurobi", "cplex", "mosek", "knitro", "xpress", "baron", "copt")


def test_locks_hold_versions_and_hashes_and_no_address():
    assert [file.name for file in LOCKS] == ["bench.txt", "docs.txt", "oracles.txt", "run.txt", "test.txt"]
    for file in LOCKS:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert PINNED.fullmatch(line) or HASH.fullmatch(line), (file.name, line)


def test_nothing_that_a_build_needs_has_a_licence_that_ends():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*extras["dependencies"], *(item for group in extras["optional-dependencies"].values() for item in group)]
    named += [line for file in LOCKS for line in file.read_text(encoding="utf-8").splitlines() if "==" in line]
    assert len(named) > 100
    assert [item for item in named if item.lower().startswith(LICENSED)] == []


def test_nothing_that_a_build_runs_names_such_a_program():
    for name in ("Makefile", ".ci/run"):
        assert "gams" not in (ROOT / name).read_text(encoding="utf-8").lower(), name
