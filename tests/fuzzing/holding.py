"""What must hold of every mutation: an answer without nan whose certificate holds, or one of our errors, in time."""

from __future__ import annotations

import dataclasses
import inspect
import math
import os
import re
import resource
import shutil
import signal
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
from tests.fuzzing.base import Files, starter, whole
from tests.fuzzing.folders import NO_FILE, mutated
from tests.fuzzing.typed import command_line, overrides

from potline.answers import Answers
from potline.cases import Case, load
from potline.errors import InputError, PotlineError
from potline.questions import listed
from potline.report.table import table_json
from potline.verification import verify

MOST_SECONDS, MOST_KB = 5.0, 1_000_000
CASE_OPTIONS = 0.06  # share of mutations that are command lines
OVERRIDES = 0.3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a mutation came to.

    Attributes:
        number: which it was; the same number is the same mutation.
        done: what was mutated, in words.
        ended: ``refused``, ``loaded``, ``answered`` or ``failed``.
        told: kind of error by its words, or why it failed.
        seconds: of processor.
    """

    number: int
    done: str
    ended: str
    told: str
    seconds: float


class TooLong(BaseException):
    """More than MOST_SECONDS of processor."""


def _too_long(number: int, frame: object) -> None:
    raise TooLong


@contextmanager
def timed(*, alone: bool) -> Iterator[None]:
    """Raise TooLong after MOST_SECONDS of processor; a process of its own ends some seconds later if no Python runs."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if alone:
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + 8.0 * MOST_SECONDS), hard))
    kept = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, kept)
        if alone:
            resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))


class Fuzzing:
    """Mutations in a folder of their own.

    Args:
        place: an empty folder.
        every: which of the folders that load are answered: each so-manieth.
        meetings: which of those have their meeting answered.
        alone: whether the process is there for mutations only, so that one that hangs may end it.
    """

    def __init__(self, place: Path, *, every: int = 1, meetings: int = 1, alone: bool = False) -> None:
        self.every, self.meetings, self.alone = every, meetings, alone
        self.place = place / "case"
        self.bases = (starter(place / "starter"), whole(place / "starter"))
        self.sound: list[Case] = []
        for files in self.bases:
            self._write(files)
            self.sound.append(load(self.place))
        self.paths = [place / "starter", place / "whole"]
        shutil.copytree(self.place, self.paths[1])

    def warm(self) -> None:
        """Answer both cases once, so that kernels are compiled before anything is timed."""
        for case in self.sound:
            wrong = list(_wrong(case, meeting=True))
            assert not wrong, wrong

    def one(self, number: int) -> Outcome:
        """Make one mutation and say what it came to."""
        draw = Random(number)
        start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        done, told, ended = "", "", "failed"
        try:
            with timed(alone=self.alone):
                done, ended, told = self._asked(draw, number)
        except TooLong:
            told = f"more than {MOST_SECONDS:g} s: " + _place_of(traceback.format_exc())
        except PotlineError as error:
            told = f"{type(error).__name__} left uncaught: {error}"
        except Exception as error:
            told = f"{type(error).__name__}: {error} at {_place_of(traceback.format_exc())}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if peak > max(MOST_KB, before) and ended != "failed":
            ended, told = "failed", f"{peak // 1000} MB"
        return Outcome(number=number, done=done, ended=ended, told=told, seconds=time.process_time() - start)

    def _asked(self, draw: Random, number: int) -> tuple[str, str, str]:
        whole_one = draw.random() < 0.4
        part = draw.random()
        if part < CASE_OPTIONS:
            return _commanded(command_line(draw), self.paths[whole_one])
        if part < CASE_OPTIONS + OVERRIDES:
            texts = overrides(draw)
            return repr(texts), *self._judged(lambda: self.sound[whole_one].override(*texts), number)
        done, files = mutated(draw, self.bases[whole_one])
        self._write(files)
        return done, *self._judged(self._loaded, number)

    def _loaded(self) -> Case:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # a mutation may write `schema = 1`
            return load(self.place)

    def _judged(self, made: Callable[[], Case], number: int) -> tuple[str, str]:
        try:
            case = made()
        except InputError as error:
            if not error.problems:
                return "failed", "an error without a problem"
            wrong = [text for text in map(str, error.problems) if _odd(text)]
            return ("failed", f"odd words: {wrong[0]}") if wrong else ("refused", error.problems[0].needed)
        if number % self.every:
            return "loaded", ""
        found = next(_wrong(case, meeting=number % (self.every * self.meetings) == 0), "")
        return ("failed", found) if found else ("answered", "")

    def _write(self, files: Files) -> None:
        """Write a folder; what is no file is put in its place."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        for name, data in files.items():
            if data.startswith(NO_FILE):
                _put(self.place / name, data.removeprefix(NO_FILE).decode())
            else:
                (self.place / name).write_bytes(data)


def _put(path: Path, kind: str) -> None:
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        target = {"device": "/dev/zero", "link to nothing": "/nowhere", "link to a folder": "/", "loop of links": path,
                  "link to a file": path.parent.parent / "starter" / "plants.csv"}[kind]  # fmt: skip
        path.symlink_to(target)


def _odd(text: str) -> bool:
    """Whether a message shows what no user wrote: a repr of a library, an address, a line that never ends."""
    return any(part in text for part in ("np.", "array(", "<class ", " at 0x", "Traceback")) or len(text) > 2000


def _place_of(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith("File ")]
    return " < ".join(line.split("potline/")[-1] for line in lines[:-4:-1])


def _wrong(case: Case, *, meeting: bool) -> Iterator[str]:
    """Yield what is wrong with the answers of a case."""
    from potline.equilibrium import Cournot, avoidable_cost, solve

    answers = Answers(case, draws=0)
    for warning in answers.warnings:
        if "nan" in str(warning):
            yield f"a warning with nan: {warning}"
    industry = case.industry
    found: dict[str, object] = {name: getattr(answers, name) for name in ("net", "gross", "full")}
    found["stops"] = _or_refused(lambda: answers.stops)
    if industry.process is None or found["stops"] is not None:
        avoidable = avoidable_cost(industry, stops=answers.stops)
        found["competitive"] = _or_refused(lambda: solve(industry, avoidable=avoidable))
        found["cournot"] = _or_refused(lambda: solve(industry, Cournot(), avoidable=avoidable))
        found["no deal"] = _or_refused(lambda: answers.market)
    found["input market"] = _or_refused(lambda: answers.input_market)
    if meeting:
        found["meeting"] = _or_refused(lambda: answers.meeting)
    for name, answer in found.items():
        for path in _not_numbers(answer, name):
            yield f"not a number: {path}"
        if answer is not None:
            certificate = verify(answer)
            if not certificate.holds:
                rows = [row for row in certificate.checks if not row.holds]
                yield f"{name}, certificate: " + ", ".join(f"{row.name} {row.value:.2g}" for row in rows[:3])
    yield from _words_with_nan(answers, found)


def _or_refused(ask: Callable[[], object]) -> object:
    """Return an answer; None where it is refused in our words as what cannot be asked."""
    try:
        return ask()
    except PotlineError as error:
        if error.exit_code not in (2, 3) or _odd(str(error)):
            raise AssertionError(f"{type(error).__name__}: {error}") from error
        return None


_ASKED = frozenset({"case", "industry", "certificate"})
"""Parts of answers that state the question, or are certificates."""
_SAID = {"costs": "net", "stops": "stops", "market": "no deal", "input_market": "input market", "meeting": "meeting"}
"""Questions whose words and tables are read, and the answer without which they have none."""


def _words_with_nan(answers: Answers, found: Mapping[str, object]) -> Iterator[str]:
    """Yield lines and numbers of the questions that hold nan as they are printed."""
    for item in listed():
        if found.get(_SAID.get(item.name, "")) is not None and item.asks(answers):
            answer = item.answer(answers)
            for line in item.question.verdict(answer, answers):
                if re.search(r"\b(nan|inf)\b", line):
                    yield f"{item.name} says: {line}"
            for name, value in item.question.numbers(answer, answers).items():
                if isinstance(value, float) and math.isnan(value):
                    yield f"{item.name}, a number of its headline is nan: {name}"
            for table in item.question.tables(answer, answers):
                table_json(table)


def _not_numbers(value: object, path: str) -> Iterator[str]:
    if isinstance(value, float):
        if math.isnan(value):
            yield path
    elif isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and np.isnan(value).any():
            yield path
    elif isinstance(value, tuple):
        for k, item in enumerate(value[:50]):
            yield from _not_numbers(item, f"{path}[{k}]")
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name not in _ASKED | _absent(type(value)):
                with suppress(AttributeError):
                    yield from _not_numbers(getattr(value, field.name), f"{path}.{field.name}")


@cache
def _absent(kind: type) -> frozenset[str]:
    """Return the numbers of which a type's own page says where there are none: ``nan where ...``.

    Whether they stand where they should is seen by certificates: each is spoilt in ``tests/agreement/checks``.
    """
    words = inspect.cleandoc(kind.__doc__ or "")
    before, _, listed_there = words.partition("Attributes:\n")
    names = frozenset(field.name for field in dataclasses.fields(kind))  # type: ignore[arg-type]
    if "nan where" in before:
        return names
    rows = re.split(r"\n {4}(?=\w)", "\n" + listed_there.partition("\n\n")[0])
    said = [row.partition(":") for row in rows if re.search(r"nan[,\w\s]* where", row)]
    return names & frozenset(name for head, _, _ in said for name in re.findall(r"\w+", head))


def _commanded(asked: tuple[str, ...], folder: Path) -> tuple[str, str, str]:
    """Run a command line in this process: exit 0, or 2 or 3 with words of ours."""
    from click.testing import CliRunner

    from potline.cli import command

    words = [str(folder) if item == "CASE" else item for item in asked]
    if words[0] == "run":
        words += ["--out", str(folder.parent / "out")]
    done = " ".join(map(repr, asked))
    ran = CliRunner().invoke(command, words)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        trace = "".join(traceback.format_exception(ran.exception))
        return done, "failed", f"{type(ran.exception).__name__}: {ran.exception} at {_place_of(trace)}"
    if ran.exit_code not in (0, 2, 3) or (_odd(ran.output[:2000]) and "--help" not in asked):
        return done, "failed", f"exit {ran.exit_code}: {ran.output[:300]}"
    if ran.exit_code == 0 and not ran.output:
        return done, "failed", "exit 0 without a word"
    last = ran.output.strip().splitlines()[-1] if ran.output.strip() else ""
    return done, "answered" if ran.exit_code == 0 else "refused", last.partition("needed ")[2] or last[:60]
