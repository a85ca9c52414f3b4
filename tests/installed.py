"""``python -m tests.installed``: the wheel in a fresh environment of each supported Python, asked from elsewhere.

The source archive is built, the wheel is built from it, and each Python that is found on this machine gets a new
environment with what ``requirements/run.txt`` holds and nothing else. A Python that is not found is named and left out,
but the one that runs this must pass. Answers of one Python are those of every other, to the byte. Most of the time is
compiling what a meeting needs: with ``POTLINE_REDUCED``, where all other tests hold meetings, none is held here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUPPORTED = ("3.11", "3.12", "3.13")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
COSTS, MEETING = "costs CASE --json", "meeting CASE --draws 0 --institution voluntary --json"
_WHOLE = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2], sys.executable)"
_STANDS = "import potline, sys; print(potline.__file__); print(sys.prefix)"
_APART = {name: text for name, text in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "NUMBA_"))}


def found(version: str) -> str | None:
    """Return the program of a version that can make environments; None where none is on the path or kept by pyenv."""
    for name in (sys.executable if version == OWN else f"python{version}", "python3", "python"):
        try:
            words = _told([name, "-c", _WHOLE], PYENV_VERSION=version).split()
        except (OSError, subprocess.CalledProcessError):
            continue
        if words and words[0] == version:
            return words[1]
    return None


def built(place: Path) -> Path:
    """Build the source archive and from it the wheel, which must hold every file of the package, and return it."""
    _told([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(place), str(ROOT)])
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("potline/")}
    files = [
        file for file in (ROOT / "src").rglob("potline/**/*") if file.is_file() and "__pycache__" not in file.parts
    ]
    lacking = {file.relative_to(ROOT / "src").as_posix() for file in files} ^ held
    assert not lacking, f"the wheel and the package differ: {sorted(lacking)}"
    return wheel


def asked() -> tuple[str, ...]:
    """Return what is asked under each version."""
    return (COSTS,) if os.environ.get("POTLINE_REDUCED") else (COSTS, MEETING)


def tried(version: str, program: str, wheel: Path, place: Path) -> dict[str, str]:
    """Install the wheel for one Python, ask, and return a digest of each answer by what was asked.

    Raises:
        AssertionError: an environment that holds more or less than the lock, or an answer that lacks.
        subprocess.CalledProcessError: a command that ends otherwise than with 0.
    """
    home, outside = place / version, place / f"outside-{version}"
    outside.mkdir()
    _told([program, "-m", "venv", str(home)])
    pip = [str(home / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-compile"]
    _told([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")])
    _told([*install, "--no-deps", str(wheel)])
    _told([*pip, "check"])
    _only_pinned(home, json.loads(_told([*pip, "list", "--format", "json"])))

    def said(words: str) -> str:
        line = [str(home / "bin" / "potline"), *words.split()]
        return _told(line, cwd=outside, NUMBA_CACHE_DIR=str(home / "kernels"))

    file, prefix = _told([str(home / "bin" / "python"), "-c", _STANDS], cwd=outside).split("\n")[:2]
    assert Path(file).is_relative_to(prefix), (file, prefix)
    assert Path(prefix).name == version, prefix
    looked = said("doctor")
    assert re.search(rf"^ok +python: {re.escape(version)}\.", looked, re.MULTILINE), looked
    assert "lacks" not in looked, looked
    told = said("--help")
    assert all(f"\n  {verb} " in told for verb in ("run", "costs", "meeting", "doctor")), told
    said("new CASE --minimal")
    answers = {words: said(words) for words in asked()}
    assert all(json.loads(text)["answer"] for text in answers.values()), answers
    return {words: hashlib.sha256(text.encode()).hexdigest() for words, text in answers.items()}


def pinned() -> dict[str, str]:
    """Return name and version of each requirement that every Python installs."""
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ]+) \\$", lock, re.MULTILINE))


def _only_pinned(home: Path, listed: Sequence[dict[str, str]]) -> None:
    there = {row["name"].lower().replace("_", "-"): row["version"] for row in listed}
    for own in ("pip", "setuptools", "potline"):
        there.pop(own, None)
    unlike = sorted(set(there.items()) ^ set(pinned().items()))
    assert not unlike, f"Python {home.name}: not what the lock holds: {unlike}"


def _told(line: Sequence[str], cwd: Path | None = None, **variables: str) -> str:
    """Run a command apart from this environment and return what it prints."""
    env = {**_APART, **variables}
    result = subprocess.run(line, cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=900)
    if result.returncode:
        told = f"{result.stdout[-2000:]}\n{result.stderr[-4000:]}"
        raise subprocess.CalledProcessError(result.returncode, list(line), told)
    return result.stdout


def _runs(wheel: Path, place: Path, programs: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        futures = {version: pool.submit(tried, version, name, wheel, place) for version, name in programs.items()}
        for version, future in futures.items():
            try:
                yield version, future.result()
            except subprocess.CalledProcessError as error:
                told = f"{' '.join(error.cmd)} ended with {error.returncode}\n{error.output}"
                raise SystemExit(f"Python {version}: {told}") from None


def main() -> None:
    """Try every supported Python that is found, and print which."""
    programs = {version: name for version in SUPPORTED if (name := found(version)) is not None}
    assert OWN in programs, f"Python {OWN} cannot make an environment"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        wheel = built(place / "built")
        answers = dict(_runs(wheel, place, programs))
    for words in asked():
        told = {version: found[words] for version, found in answers.items() if words in found}
        assert len(set(told.values())) == 1, f"Pythons answer {words!r} differently: {told}"
        print(f"{wheel.name}, installed alone, answers {words.split()[0]!r} under Python {', '.join(told)}.")
    if absent := [version for version in SUPPORTED if version not in programs]:
        print(f"Left out, as none was found: Python {', '.join(absent)}.")


if __name__ == "__main__":
    main()
