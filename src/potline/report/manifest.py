"""What reproduces a run: inputs, settings with defaults filled in, versions, certificates and the hash of every file.

It holds no clock time and no path of the machine, so two runs of the same question have the same manifest.
"""

from __future__ import annotations

__all__ = ["differences", "language_of", "manifest", "read_manifest", "run_id"]

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from potline._version import __version__
from potline.cases import Case
from potline.cases.cells import is_table
from potline.choices import Language
from potline.errors import InputError, Problem
from potline.report.folder import MANIFEST, SCHEMA
from potline.verification import Check

PACKAGES = ("llvmlite", "numba", "numpy", "piqp", "scipy", "vl-convert-python", "xlsxwriter")


def manifest(
    case: Case,
    *,
    settings: Mapping[str, Any],
    language: Language,
    warnings: Sequence[Mapping[str, str]],
    checks: Sequence[Check],
    files: Mapping[str, str],
) -> dict[str, Any]:
    """Return the manifest of a run as plain data."""
    return {
        "schema": SCHEMA,
        "run": run_id(case, settings),
        "potline": __version__,
        "case": {
            "name": case.name,
            "title": case.title,
            "date": case.date,
            "currency": case.currency,
            "inputs_sha256": case.digest,
            "files": "case",
            "overrides": list(case.changes),
        },
        "settings": dict(settings),
        "language": str(language),
        "warnings": [dict(warning) for warning in warnings],
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "kernels_sha256": _kernel_hashes(),
        "certificates": [
            {
                "name": item.name,
                "value": item.value,
                "tolerance": item.tolerance,
                "unit": item.unit,
                "holds": item.holds,
                "method": item.method,
            }
            for item in checks
        ],
        "files_sha256": dict(files),
    }


def run_id(case: Case, settings: Mapping[str, Any]) -> str:
    """Return a short name of the question: inputs, overrides, settings and version."""
    asked = json.dumps([case.digest, case.changes, dict(settings), __version__], sort_keys=True, default=str)
    return hashlib.sha256(asked.encode()).hexdigest()[:8]


def read_manifest(path: Path) -> dict[str, Any]:
    """Read a manifest, given the file or its run folder.

    Raises:
        InputError: there is none, or it is not one.
    """
    file = path / MANIFEST if path.is_dir() else path
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            [Problem(where=str(file), found="no file", needed="the manifest.json of an earlier run")]
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(where=str(file), found=f"no JSON ({error})", needed="a manifest.json")]) from None
    if not is_table(found) or not _is_whole(found):
        raise InputError(
            [Problem(where=str(file), found="another format", needed=f"the manifest of a run, schema {SCHEMA}")]
        )
    return found


def _is_whole(content: Mapping[str, Any]) -> bool:
    """Whether a manifest holds what a run is repeated from."""
    case, settings, files = (content.get(name) for name in ("case", "settings", "files_sha256"))
    if not (content.get("schema") == SCHEMA and is_table(case) and is_table(settings) and is_table(files)):
        return False
    texts = [case.get("files"), *(case.get("overrides") or ())]
    return all(isinstance(text, str) for text in texts) and all(
        isinstance(settings.get(name), int) for name in ("draws", "seed")
    )


def language_of(content: Mapping[str, Any]) -> Language:
    """Return the language of a run from its manifest; English where an older one names none."""
    return Language(content.get("language", Language.ENGLISH))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the CSV and JSON files whose contents differ between two manifests; none where a run was reproduced."""
    old, new = before["files_sha256"], after["files_sha256"]
    names = sorted(name for name in {*old, *new} if name.endswith((".csv", ".json")))
    return tuple(name for name in names if old.get(name) != new.get(name))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _kernel_hashes() -> dict[str, str]:
    import potline.numerics

    folder = Path(str(potline.numerics.__file__)).parent
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(folder.glob("*.py"))}
