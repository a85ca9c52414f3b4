"""A folder that is written whole or not at all: built beside its place under another name, renamed at the end."""

from __future__ import annotations

__all__ = ["MANIFEST", "unwritable", "whole_folder"]

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from potline.errors import InputError, Problem

MANIFEST = "manifest.json"


@contextmanager
def whole_folder(out: Path) -> Generator[Path]:
    """Give a temporary folder beside ``out`` and rename it to ``out`` when the block ends well.

    Whatever ends the block early, an error or Ctrl-C, leaves nothing behind and an earlier run untouched. An earlier
    run of the same name is replaced; a folder that holds anything else is refused.

    Raises:
        InputError: ``out`` is a file, a folder that is no earlier run, or a place that cannot be written.
    """
    out = out.absolute()
    try:
        _check(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise InputError([unwritable(out, error)]) from None
    try:
        temporary.chmod(0o755)
        yield temporary
        try:
            _check(out)
            _put(temporary, out)
        except OSError as error:
            raise InputError([unwritable(out, error)]) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def unwritable(place: Path, error: OSError) -> Problem:
    """Return the problem of a place that cannot be written.

    Examples:
        >>> print(unwritable(Path("/proc/run"), PermissionError(13, "Permission denied")))
        output /proc/run: found permission denied; needed a place that can be written. Choose another with --out.
    """
    found = (error.strerror or type(error).__name__).lower()
    needed = "a place that can be written"
    return Problem(where=f"output {place}", found=found, needed=needed, hint="Choose another with --out.")


def _put(temporary: Path, out: Path) -> None:
    if not out.exists():
        temporary.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "run")
    try:
        temporary.rename(out)
    except BaseException:
        (old / "run").rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _check(out: Path) -> None:
    if not out.exists():
        return
    earlier = out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))
    if not earlier:
        found = "a folder that is no earlier run" if out.is_dir() else "a file"
        raise InputError(
            [
                Problem(
                    where=f"output {out}",
                    found=found,
                    needed="a new name, an empty folder or an earlier run to replace",
                    hint="Choose another place with --out.",
                )
            ]
        )
