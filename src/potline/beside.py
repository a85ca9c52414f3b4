"""Certificates made by another process while this one goes on to the next answer.

Making a certificate takes about as long as the answer that it vouches for and shares nothing with it, so that a
second core can make it meanwhile. Within :func:`beside` a certificate is a promise of one: what reads it waits for it,
and what would be said of one that fails is said when the block ends. The process is a copy of this one, made when the
first is asked for: it starts at once, and both share what they have. It ends with the block, or with this one. Where a
process cannot be copied, or has one core, each certificate is made at once; the numbers are the same.
"""

from __future__ import annotations

__all__ = ["Later", "beside", "made", "promised"]

import gc
import io
import os
import pickle
import select
import signal
import struct
import sys
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TypeVar, cast

C = TypeVar("C")
_HEAD = struct.Struct("<qqq")


class Later:
    """A certificate that another process makes; what reads one of its attributes waits for it."""

    __slots__ = ("_afterwards", "_found", "_work", "number", "process")

    def __init__(self, process: _Process, number: int, work: Callable[[], Any]) -> None:
        self.process, self.number, self._work = process, number, work
        self._found: Any = None
        self._afterwards: list[Callable[[], object]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.found, name)

    def __repr__(self) -> str:
        return repr(self.found)

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self.found,)

    @property
    def found(self) -> Any:
        """The certificate."""
        if self._found is None:
            answered, found = self.process.answer(self.number)
            if answered:
                self._found = found
            else:
                self.make()  # whatever was raised there is raised here
        return self._found

    @property
    def known(self) -> bool:
        """Whether it was waited for."""
        return self._found is not None

    def afterwards(self, call: Callable[[], object]) -> None:
        """Have something done when the block ends and this is made."""
        self._afterwards.append(call)

    def make(self) -> None:
        """Make it here."""
        self._found = self._work()

    def settle(self) -> None:
        """Wait for it, then do what was to be done."""
        if self.found is not None:
            for call in self._afterwards:
                call()


def _itself(found: Any) -> Any:
    return found


def promised(certificate: object, call: Callable[[], object]) -> bool:
    """Return whether a certificate is still being made; if so, ``call`` is called when the block ends."""
    if not isinstance(certificate, Later) or certificate.known:
        return False
    certificate.afterwards(call)
    return True


def made(verifier: Callable[..., C], answer: Any, **options: Any) -> C:
    """Return what a verifier finds, or within :func:`beside` a promise of it.

    Args:
        verifier: a function that stands in a module.
        answer: what it looks at.
        options: what else it is told.

    Examples:
        >>> made(max, (1, 2))
        2
        >>> with beside():
        ...     later = made(complex, "1+2j")
        ...     later.imag
        2.0
    """
    process = _current.get()

    def work() -> C:
        return verifier(answer, **options)

    if process is None:
        return work()
    number = process.ask(verifier, answer, options)
    if number < 0:
        return work()
    later = Later(process, number, work)
    process.promises.append(later)
    return cast("C", later)


@contextmanager
def beside(*shared: object) -> Generator[None]:
    """Let another process make the certificates that are asked for within.

    Args:
        shared: what answers are about; it is not sent with each.

    Raises:
        whatever :func:`promised` was told to do raises, at the end of the block.
    """
    process = _Process(shared) if _current.get() is None and _can_copy() else None
    if process is None:
        yield
        return
    token = _current.set(process)
    try:
        yield
        while (number := process.not_begun()) >= 0:  # nothing else is left to do here
            process.promises[number].make()
        for later in process.promises:
            later.settle()
    except BaseException:
        process.kill()
        raise
    finally:
        _current.reset(token)
        process.no_more()


class _Process:
    """A copy of this process that makes one certificate after the other.

    Questions stand in a file in memory, so that asking never waits; a pipe says where each begins and how long it is.
    """

    def __init__(self, shared: tuple[object, ...]) -> None:
        self._kept = _parts(shared)
        self._known = {id(item): place for place, item in enumerate(self._kept)}
        self._answers: dict[int, tuple[bool, Any]] = {}
        self.promises: list[Later] = []
        self.pid = self.sent = 0

    def _start(self) -> None:
        self._questions = os.memfd_create("questions")
        self._there, self._tell = os.pipe()
        os.set_blocking(self._there, False)
        back, answers = os.pipe()
        gc.freeze()  # looking for circles would write to what both share
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads that wait hold nothing that the copy needs
            self.pid = os.fork()
        if self.pid == 0:
            os.close(self._tell)
            os.close(back)
            _serve(self._questions, self._there, answers, self._kept)
        os.close(answers)
        self._hear = os.fdopen(back, "rb")

    def ask(self, verifier: Callable[..., Any], answer: Any, options: dict[str, Any]) -> int:
        """Send a question; return its number, -1 where it cannot be sent."""
        text = io.BytesIO()
        try:
            if not self.pid:
                self._start()
            _Pickler(text, self._known, self).dump((verifier, answer, options))
            data = text.getbuffer()
            os.pwrite(self._questions, data, self.sent)
            os.write(self._tell, _HEAD.pack(self.sent, len(data), len(self.promises)))
        except (pickle.PicklingError, AttributeError, TypeError, OSError):
            return -1
        self.sent += len(data)
        return len(self.promises)

    def answer(self, number: int) -> tuple[bool, Any]:
        """Wait for an answer; return whether there is one, and it."""
        while number not in self._answers:
            head = self._hear.read(8)
            text = self._hear.read(int.from_bytes(head, "little")) if len(head) == 8 else b""
            if not text:  # it has ended
                return False, None
            place, answered, found = pickle.loads(text)
            self._answers[place] = answered, found
        return self._answers[number]

    def not_begun(self) -> int:
        """Take back the number of the next question that is not begun; -1 if there is none."""
        if not self.promises:
            return -1
        try:
            head = os.read(self._there, _HEAD.size)
        except BlockingIOError:
            return -1
        return int(_HEAD.unpack(head)[2])

    def no_more(self) -> None:
        """End it."""
        if not self.pid:
            return
        gc.unfreeze()
        for end in (self._tell, self._there, self._questions):
            os.close(end)
        self._hear.close()
        os.waitpid(self.pid, 0)

    def kill(self) -> None:
        """End it at once: nobody waits for what it makes."""
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)


_current: ContextVar[_Process | None] = ContextVar("beside", default=None)
_shared: tuple[object, ...] = ()
_before: dict[int, Any] = {}


class _Pickler(pickle.Pickler):
    """What both processes have goes by its place, a certificate that is still being made by its number."""

    def __init__(self, file: io.BytesIO, known: dict[int, int], process: _Process) -> None:
        super().__init__(file, protocol=5)
        self._known, self._process = known, process

    def reducer_override(self, obj: Any) -> Any:
        place = self._known.get(id(obj))
        if place is not None:
            return _at, (place,)
        if isinstance(obj, Later):
            return (_made_before, (obj.number,)) if obj.process is self._process else NotImplemented
        if isinstance(obj, MappingProxyType):
            return MappingProxyType, (dict(cast("MappingProxyType[Any, Any]", obj)),)
        return NotImplemented


def _at(place: int) -> object:
    return _shared[place]


def _made_before(number: int) -> Any:
    return _before[number]


def _parts(shared: tuple[object, ...]) -> tuple[object, ...]:
    """Return things and what they hold that answers about something else hold too."""
    inside = [getattr(item, name, None) for item in shared for name in getattr(type(item), "__slots__", ())]
    plain = (type(None), bool, int, float, str, bytes, tuple, list, dict)
    return (*shared, *(item for item in inside if not isinstance(item, plain)))


def _serve(questions: int, there: int, answers: int, kept: tuple[object, ...]) -> None:
    """Make certificates until nobody asks; this process never returns."""
    global _shared
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _current.set(None)
        _shared = kept
        while head := _next(there):
            begin, size, number = _HEAD.unpack(head)
            try:
                verifier, answer, options = pickle.loads(os.pread(questions, size, begin))
                found = verifier(answer, **options)
                text = pickle.dumps((number, True, found))
                _before[number] = found
            except Exception:  # made again by the process that asked, which raises it
                text = pickle.dumps((number, False, None))
            _write(answers, len(text).to_bytes(8, "little") + text)
    finally:
        os._exit(0)


def _next(there: int) -> bytes:
    """Return where the next question stands; empty once nobody asks any more."""
    while True:
        select.select([there], [], [])
        with suppress(BlockingIOError):  # the process that asked may have been quicker
            return os.read(there, _HEAD.size)


def _write(answers: int, text: bytes) -> None:
    view = memoryview(text)
    while view:
        view = view[os.write(answers, view) :]


def _can_copy() -> bool:
    from potline.numerics.parallel import workers

    return sys.platform == "linux" and hasattr(os, "fork") and workers() > 1
