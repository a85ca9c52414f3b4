"""What a run rests on, looked at one by one: versions, folders, kernels, fonts, libraries, threads, memory."""

from __future__ import annotations

__all__ = ["Finding", "findings"]

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path

from potline._version import __version__
from potline.report.fonts import folder
from potline.report.manifest import PACKAGES
from potline.report.saying import say

OLDEST, NEWEST = (3, 11), (3, 13)
LEAST_MB = 500
_OPTIONAL = ("altair", "pandas", "polars", "pyarrow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: what.
        found: what is there.
        fine: whether that will do.
        needed: whether Potline does not run without.
        remedy: what to do where it will not.
    """

    name: str
    found: str
    fine: bool
    needed: bool = True
    remedy: str = ""


def findings() -> tuple[Finding, ...]:
    """Look at everything, in a second or two; nothing is changed.

    Examples:
        >>> [item.name for item in findings()][:2]
        ['potline', 'python']
    """
    return (*_versions(), _writable("cache", _cache()), _writable("scratch", Path(tempfile.gettempdir())), _kernels(),
            _fonts(), *_libraries(), _threads(), _memory())  # fmt: skip


def _versions() -> Iterator[Finding]:
    yield Finding(name="potline", found=__version__, fine=True)
    yield Finding(
        name="python",
        found=platform.python_version(),
        fine=OLDEST <= sys.version_info[:2] <= NEWEST,
        remedy=say("health.python", oldest=_dotted(OLDEST), newest=_dotted(NEWEST)),
    )
    for name in dict.fromkeys((*_required(), *PACKAGES)):
        try:
            yield Finding(name=name, found=version(name), fine=True)
        except PackageNotFoundError:
            yield Finding(name=name, found=say("health.absent"), fine=False, remedy=say("health.install", name=name))


def _required() -> Iterator[str]:
    for line in requires("potline") or ():
        if "extra ==" not in line:
            yield line.partition(";")[0].partition(">")[0].partition("=")[0].partition("[")[0].strip()


def _cache() -> Path:
    """Return where compiled kernels are kept: beside the package, or in the folder that numba is told."""
    told = os.environ.get("NUMBA_CACHE_DIR")
    return Path(told) if told else Path(__file__).parents[1] / "numerics" / "__pycache__"


def _writable(name: str, place: Path) -> Finding:
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        reason = say("health.not_writable", place=str(place), reason=error.strerror or type(error).__name__)
        return Finding(name=name, found=reason, fine=False, needed=name != "cache", remedy=say(_FOLDERS[name]))
    return Finding(name=name, found=say("health.writable", place=str(place)), fine=True)


_FOLDERS = {"cache": "health.cache", "scratch": "health.scratch"}


def _kernels() -> Finding:
    told = os.environ.get("NUMBA_CACHE_DIR")
    place = Path(told) if told else _cache().parent
    count = sum(1 for _ in place.rglob("*.nbi")) if place.is_dir() else 0
    return Finding(
        name="kernels",
        found=say("health.kernels", count=count),
        fine=count > 0,
        needed=False,
        remedy=say("health.compiled_once"),
    )


def _fonts() -> Finding:
    names = sorted(path.name for path in folder().glob("*.[ot]tf"))
    return Finding(
        name="fonts",
        found=say("health.fonts", names=names) if names else say("health.absent"),
        fine=bool(names),
        remedy=say("health.install", name="potline"),
    )


def _libraries() -> Iterator[Finding]:
    for name in _OPTIONAL:
        there = find_spec(name) is not None
        yield Finding(
            name=name,
            found=version(name) if there else say("health.absent"),
            fine=there,
            needed=False,
            remedy=say("health.install", name="'potline[frames]'" if name != "pyarrow" else name),
        )


def _threads() -> Finding:
    cores = os.cpu_count() or 1
    told = os.environ.get("NUMBA_NUM_THREADS", "")
    fine = not told or (told.isdigit() and 0 < int(told) <= cores)
    found = say("health.threads_told", told=told, cores=cores) if told else say("health.threads", cores=cores)
    return Finding(name="threads", found=found, fine=fine, remedy=say("health.fewer_threads", cores=cores))


def _memory() -> Finding:
    free = _free_mb()
    if free is None:
        return Finding(name="memory", found=say("health.memory_unknown"), fine=True, needed=False)
    return Finding(
        name="memory",
        found=say("health.memory", free=free),
        fine=free >= LEAST_MB,
        needed=False,
        remedy=say("health.more_memory", least=LEAST_MB),
    )


def _free_mb() -> int | None:
    """Return the memory that is free, in MB; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return int(next(line for line in lines if line.startswith("MemAvailable:")).split()[1]) // 1024
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def _dotted(parts: tuple[int, int]) -> str:
    return ".".join(map(str, parts))
