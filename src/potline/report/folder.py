"""Folders and files that are written whole or not at all, and replace only an earlier one of the same kind.

They are built beside their place under a hidden name, ``.NAME.potline-XXXXXXXX``, and renamed at the end. What is
hidden is locked while its process lives, so that a later run can tell what a killed one left: it puts an earlier run
that the killed one had moved aside back in its place, and removes the rest. What stands in a folder beside the files
its manifest lists is somebody else's: nothing is moved or removed then.
"""

from __future__ import annotations

__all__ = [
    "MANIFEST",
    "SCHEMA",
    "check_place",
    "check_writable",
    "file_hashes",
    "unwritable",
    "whole_file",
    "whole_folder",
]

import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

from potline.errors import InputError, Problem

MANIFEST, SCHEMA = "manifest.json", 1
_LEFT = re.compile(r"\.(?P<name>.+)\.potline-[0-9a-f]{8}", re.DOTALL)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG})
_TRIES, _LARGEST = 20, 50_000_000
_HELD, _NO_LOCKS = -1, -2
_WAITS, _WAIT = 600, 0.05


@contextmanager
def whole_folder(out: Path) -> Generator[Path]:
    """Give a folder to write in, and put it in the place of ``out`` when the block ends well.

    The block writes a manifest of schema 1 with ``potline`` and ``files_sha256``, by :func:`file_hashes`. Whatever ends
    the block early, an error or Ctrl-C, leaves nothing behind and an earlier folder untouched. A link is followed.

    Raises:
        InputError: the place holds what is not ours, is the folder one stands in, or cannot be written.
    """
    place = check_place(out)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _turn(place.parent):
            _mend(place.parent)
            _check(place, out)
            work, lock = _locked_folder(place)
    except OSError as error:
        raise InputError([unwritable(out, error)]) from None
    try:
        new = work / "new"
        new.mkdir()
        yield new
        with _turn(place.parent):
            _put(new, place, work, out)
    except OSError as error:
        if error.errno in _FULL or str(error.filename or "").startswith(str(work)):
            raise InputError([unwritable(out, error)]) from None
        raise
    finally:
        _clear(work)
        if lock >= 0:
            os.close(lock)


@contextmanager
def whole_file(out: Path) -> Generator[Path]:
    """Give a file to write, and put it in the place of ``out`` when the block ends well. A link is followed.

    Raises:
        InputError: the place cannot be written.
    """
    try:
        place = Path(os.path.realpath(out))
        place.parent.mkdir(parents=True, exist_ok=True)
        with _turn(place.parent):
            _mend(place.parent)
            work = _hidden(place)
            lock = _taken(work)
        try:
            yield work
            os.replace(work, place)
        finally:
            work.unlink(missing_ok=True)
            if lock >= 0:
                os.close(lock)
    except OSError as error:
        raise InputError([unwritable(out, error)]) from None


def check_place(out: Path) -> Path:
    """Return where a folder would be written, links followed.

    Raises:
        InputError: something stands there that may not be replaced.
    """
    try:
        place = Path(os.path.realpath(out))
        if out.is_symlink() and not place.exists():
            raise _refused(out, "a link to nothing")
        if place.parent == place:
            raise _refused(out, "the root of the file system")
        if Path(os.path.realpath(os.curdir)).is_relative_to(place):
            raise _refused(out, "the folder you are in", "Go elsewhere, or choose another place with --out.")
        with _turn(place.parent):
            _check(place, out)
    except OSError as error:
        raise InputError([unwritable(out, error)]) from None
    check_writable(out)
    return place


def check_writable(out: Path) -> None:
    """Refuse a place beside which nothing can be written: known before anything is computed, where the system says so.

    Raises:
        InputError: with the reason.
    """
    try:
        parent = next(item for item in Path(os.path.realpath(out)).parents if item.exists())
        code = 0 if os.access(parent, os.W_OK | os.X_OK) else errno.EACCES
        if not parent.is_dir():
            code = errno.ENOTDIR
    except OSError as error:
        raise InputError([unwritable(out, error)]) from None
    if code:
        raise InputError([unwritable(out, OSError(code, os.strerror(code)))])


def unwritable(place: Path, error: OSError) -> Problem:
    """Return the problem of a place that cannot be written.

    Examples:
        >>> print(unwritable(Path("/proc/run"), PermissionError(13, "Permission denied")))
        output /proc/run: found permission denied; needed a place that can be written. Choose another with --out.
    """
    found = (error.strerror or type(error).__name__).lower()
    needed = "a place that can be written"
    return Problem(where=f"output {place}", found=found, needed=needed, hint="Choose another with --out.")


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the sha256 of every file below a folder but the manifest, by path, sorted."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _check(place: Path, out: Path) -> None:
    """Refuse a place that holds anything but an earlier folder of ours, as it was written."""
    if not os.path.lexists(place):
        return
    if not place.is_dir():
        raise _refused(out, "a file")
    if not any(place.iterdir()):
        return
    listed = _listed(place)
    if listed is None:
        raise _refused(out, "a folder that is no earlier run")
    strange = _strange(place, listed)
    if strange:
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        raise _refused(
            out,
            f"an earlier run with what it did not write: {', '.join(strange[:3])}{more}",
            "Move what you want to keep, or choose another place with --out.",
        )


def _refused(out: Path, found: str, hint: str = "Choose another place with --out.") -> InputError:
    needed = "a new name, an empty folder or an earlier run to replace"
    return InputError([Problem(where=f"output {out}", found=found, needed=needed, hint=hint)])


def _listed(folder: Path) -> dict[str, str] | None:
    """Return the files that the manifest of a folder lists, with their sha256; None where it has none of ours."""
    file = folder / MANIFEST
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > _LARGEST:
            return None
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    content = cast("dict[str, Any]", found)
    files: Any = content.get("files_sha256")
    ours = content.get("schema") == SCHEMA and isinstance(content.get("potline"), str) and isinstance(files, dict)
    return cast("dict[str, str]", files) if ours else None


def _strange(folder: Path, listed: dict[str, str]) -> list[str]:
    """Return what stands in a folder and is not as listed: other files, changed ones, links, empty folders."""
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found.append(f"{name} (a link)")
        elif path.is_dir():
            if not any(item.startswith(f"{name}/") for item in listed):
                found.append(f"{name}/")
        elif not path.is_file() or (name != MANIFEST and name not in listed):
            found.append(name)
        elif name != MANIFEST and hashlib.sha256(path.read_bytes()).hexdigest() != listed[name]:
            found.append(f"{name} (changed since)")
    return [item for item in found if not any(item != other and item.startswith(other) for other in found)]


def _put(new: Path, place: Path, work: Path, out: Path) -> None:
    """Rename a folder to its place; what stood there goes into the working folder, and back if anything fails."""
    for attempt in range(_TRIES):
        old = work / f"old{attempt:02}"
        try:
            if os.path.lexists(place):
                _check(place, out)
                os.rename(place, old)
                _check(old, out)  # nothing came in meanwhile
            os.rename(new, place)
        except FileNotFoundError:
            continue  # another run took it away first
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            continue  # another run was faster: it is an earlier one now
        else:
            return
        finally:
            _restore(work, place)
    raise _refused(out, "another run that writes there again and again")


def _restore(work: Path, place: Path) -> None:
    """Put the folder that was moved aside last back in its place, where nothing stands there."""
    olds = sorted(item for item in work.iterdir() if item.name.startswith("old"))
    if olds and not os.path.lexists(place):
        os.rename(olds[-1], place)


def _mend(parent: Path) -> None:
    """Clean up after killed runs: what they had moved aside goes back, the rest is removed."""
    for entry in sorted(parent.iterdir()):
        match = _LEFT.fullmatch(entry.name)
        if match is None or entry.is_symlink() or not _mine(entry):
            continue
        held = entry / "lock" if entry.is_dir() else entry
        if not held.exists():  # killed before it had a lock, or somebody else's
            with suppress(OSError):
                entry.rmdir()
            continue
        lock = _taken(held)
        if lock < 0:
            continue
        with suppress(OSError):
            if not _stands(held, lock):
                pass
            elif held == entry:
                entry.unlink()
            else:
                _restore(entry, parent / match["name"])
                _clear(entry)
        os.close(lock)


def _mine(entry: Path) -> bool:
    return not hasattr(os, "geteuid") or entry.stat().st_uid == os.geteuid()


def _clear(work: Path) -> None:
    """Remove a working folder: what was being written, and folders moved aside that hold only what they list."""
    shutil.rmtree(work / "new", ignore_errors=True)
    with suppress(OSError):
        for old in sorted(work.glob("old*")):
            listed = _listed(old)
            if not any(old.iterdir()) or (listed is not None and not _strange(old, listed)):
                shutil.rmtree(old, ignore_errors=True)
        if {item.name for item in work.iterdir()} <= {"lock"}:
            shutil.rmtree(work)


def _locked_folder(place: Path) -> tuple[Path, int]:
    """Make a working folder beside a place and lock it; -1 for the lock where the system has none."""
    while True:
        work = _hidden(place)
        work.mkdir(mode=0o700)
        lock = _taken(work / "lock")
        if lock == _NO_LOCKS or (lock != _HELD and _stands(work / "lock", lock)):
            return work, lock
        if lock != _HELD:  # a run that cleans up came between making and locking
            os.close(lock)


@contextmanager
def _turn(parent: Path) -> Generator[None]:
    """Let one run at a time look at places in a folder and change them, where the system can lock folders."""
    lock = -1
    if sys.platform != "win32":
        import fcntl

        with suppress(OSError):
            lock = os.open(parent, os.O_RDONLY | os.O_DIRECTORY)
            for _ in range(_WAITS):
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(_WAIT)
    try:
        yield
    finally:
        if lock >= 0:
            os.close(lock)


def _hidden(place: Path) -> Path:
    return place.parent / f".{place.name}.potline-{secrets.token_hex(4)}"


def _taken(file: Path) -> int:
    """Return a lock on a file; ``_HELD`` where another process holds it, ``_NO_LOCKS`` where the system has none."""
    if sys.platform == "win32":
        return _NO_LOCKS
    import fcntl

    try:
        lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    except OSError:
        return _HELD
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        return _HELD if error.errno in (errno.EWOULDBLOCK, errno.EACCES) else _NO_LOCKS
    return lock


def _stands(file: Path, lock: int) -> bool:
    """Whether a lock is on the file that stands there now."""
    try:
        return os.path.samestat(os.fstat(lock), file.stat())
    except OSError:
        return False
