"""The terminal: characters its streams can hold, a quiet end of pipes, signals that clean up, one line a warning."""

from __future__ import annotations

__all__ = ["echo_json", "echo_object", "say", "terminal", "write"]

import codecs
import io
import os
import signal
import sys
import unicodedata
import warnings
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, TextIO

import click

from potline.text import cleaned

_PLAIN = {"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "·": ".", "•": "*", "→": "->", "≤": "<=", "≥": ">=",
          "×": "x", "…": "...", "’": "'", "‘": "'", "“": '"', "”": '"', "≈": "~", "±": "+-"}  # fmt: skip
_PLAINER = "potline.plainer"
AGAIN = 1.0  # seconds until a signal that was not heard is raised again


def say(text: str, *, err: bool = False) -> None:
    """Print text for people, without what a terminal would obey."""
    write(f"{cleaned(text)}\n", err=err)


def write(text: str, *, err: bool = False) -> None:
    """Print text as it is, in the encoding of the stream, whichever it is.

    Raises:
        BrokenPipeError: nobody reads the answer any more; why there is none may go unread.
    """
    with suppress(BrokenPipeError) if err else nullcontext():
        click.echo(text, file=sys.stderr if err else sys.stdout, nl=False)


def echo_json(text: str) -> None:
    """Print JSON; where the stream cannot hold a character, the escape of JSON stands for it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        import json

        text = "".join(char if char.isascii() else json.dumps(char)[1:-1] for char in text)
    write(f"{text}\n")


def echo_object(content: Mapping[str, object]) -> None:
    """Print an object as JSON."""
    import json

    echo_json(json.dumps(content, ensure_ascii=False))


@contextmanager
def terminal() -> Generator[None]:
    """Prepare the streams, warnings and signals of the command line, and end quietly where a pipe was closed.

    A character that a stream cannot hold is written as the plain one nearest to it. A signal to end (SIGTERM, SIGHUP)
    raises ``SystemExit``, so that what was half written is removed; one that is ignored, as under ``nohup``, stays so.
    What is raised may be lost where the interpreter drops it (a finaliser, a callback of a library) or may leave a lock
    behind, so it is raised again until it is heard.
    """
    codecs.register_error(_PLAINER, _plainer)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us: nobody reads
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (until the process ends)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_PLAINER)
    shown, warnings.showwarning = warnings.showwarning, _one_line
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    taken = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _ended)
    stopped = signal.getsignal(signal.SIGINT)
    if stopped is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)
    try:
        yield
    finally:
        _again(0.0)
        _flush()
        if stopped is signal.default_int_handler:
            signal.signal(signal.SIGINT, stopped)
        warnings.showwarning = shown
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _flush() -> None:
    """Write what is left; where nobody reads any more, or nothing more can be held, leave the rest unsaid."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _ended(number: int, frame: object) -> None:
    del frame
    signal.signal(number, signal.SIG_IGN)
    _raise_until_heard(SystemExit(128 + number))


def _interrupted(number: int, frame: object) -> None:
    del number, frame
    _raise_until_heard(KeyboardInterrupt())


def _raise_until_heard(error: BaseException) -> None:
    """Raise an error, and again every second until the command line is left: what is half written goes faster."""
    if hasattr(signal, "SIGALRM"):

        def again(number: int, frame: object) -> None:
            del number, frame
            raise error

        signal.signal(signal.SIGALRM, again)
        sys.unraisablehook = _unheard  # to the end of the process: finalisers run after the command line is left
        _again(AGAIN)
    raise error


def _unheard(what: sys.UnraisableHookArgs) -> None:
    """Say nothing of what is dropped on the way out: the signal is raised again, and a half-written file is removed."""
    del what


def _again(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_plain(char) for char in error.object[error.start : error.end]), error.end


def _plain(char: str) -> str:
    near = _PLAIN.get(char) or unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return near or ("??" if unicodedata.east_asian_width(char) in "WF" else "?")


def _one_line(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> Any:
    del category, filename, lineno, file, line
    say(str(message), err=True)
