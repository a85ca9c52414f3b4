"""What was found, what is needed, what to try: the words of a refusal."""

from __future__ import annotations

__all__ = ["Unread", "a", "did_you_mean", "found_as", "listed", "one_of", "refuse", "unique"]

import difflib
from collections import Counter
from collections.abc import Collection, Iterable

from potline.errors import InputError, Problem

SHOWN = 12
LONGEST = 60
CLIPPED, COMPARED = 300, 5000


class Unread(Exception):
    """A value that is not what a reader needs; whoever asked for it adds where it stands."""

    def __init__(self, found: str, needed: str, hint: str = "", *, placed: bool = False) -> None:
        super().__init__(found, needed, hint)
        self.found, self.needed, self.hint, self.placed = found, needed, hint, placed

    def inside(self, words: str) -> Unread:
        """Return the same of a value inside another, with where that is unless it says so already."""
        return self if self.placed else Unread(f"{self.found} {words}", self.needed, self.hint, placed=True)

    def at(self, where: str) -> Problem:
        """Return the problem at a place."""
        return Problem(where=where, found=self.found, needed=self.needed, hint=self.hint)


def refuse(where: str, found: str, needed: str, hint: str = "") -> InputError:
    """Return the error of one problem.

    Examples:
        >>> print(refuse("stage", "'tin'", "a product of the network"))
        stage: found 'tin'; needed a product of the network.
    """
    return InputError([Problem(where=where, found=found, needed=needed, hint=hint)])


def did_you_mean(word: str, known: Iterable[str], noun: str = "Known") -> str:
    """Return a hint: the known word nearest to ``word``, or the first of those known.

    Examples:
        >>> did_you_mean("Chaclo", ("Chalco", "Xinfa"))
        "Did you mean 'Chalco'?"
        >>> did_you_mean("zzz", ("Chalco", "Xinfa"), "Firms")
        'Firms: Chalco, Xinfa.'
    """
    words = [word for word in dict.fromkeys(known) if word]
    folded = {item.casefold(): item for item in reversed(words[:COMPARED])}
    near = difflib.get_close_matches(word[:CLIPPED].casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean {folded[near[0]]!r}?"
    if not words:
        return f"{noun}: none."
    return f"{noun}: {', '.join(words[:SHOWN])}{' ...' if len(words) > SHOWN else '.'}"


def one_of(where: str, word: object, known: Collection[str], noun: str) -> str:
    """Return a word that is one of those known, else refuse it with the nearest of them.

    Raises:
        InputError: the word is none of them.

    Examples:
        >>> one_of("plant", "Fushun", ("Fushun", "Lanzhou"), "a plant of the industry")
        'Fushun'
    """
    if isinstance(word, str) and word in known:
        return word
    raise refuse(where, found_as(word), noun, did_you_mean(word if isinstance(word, str) else "", known, "There are"))


def unique(noun: str, where: str, names: Iterable[str]) -> Iterable[Problem]:
    """Yield a problem for each name that more than one member bears.

    Examples:
        >>> [str(problem) for problem in unique("plant", "Industry 'one'", ("A", "B", "A"))]
        ["Industry 'one': found 2 of plant 'A'; needed one of each name. Give each its own name."]
    """
    names = tuple(names)
    if len(set(names)) == len(names):
        return
    for name, times in Counter(names).items():
        if times > 1:
            found, hint = f"{times} of {noun} {name!r}", "Give each its own name."
            yield Problem(where=where, found=found, needed="one of each name", hint=hint)


def found_as(value: object) -> str:
    """Say in few words what a value is.

    Examples:
        >>> found_as("64"), found_as(-5.0), found_as(None), found_as([]), found_as(int), found_as(object())
        ("'64'", '-5', 'None', 'an empty list', 'the class int', 'an object')
    """
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, str):
        return repr(value) if len(value) <= LONGEST else f"{value[:LONGEST]!r} and {len(value) - LONGEST} letters more"
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, float):
        return f"{value:.15g}"
    name = type(value).__name__
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return a(name) if len(value) else f"an empty {name}"  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, int):
        return repr(value) if abs(value) < 10**LONGEST else "a whole number of very many digits"
    shown = repr(value) if type(value).__repr__ is not object.__repr__ else ""
    return shown if 0 < len(shown) <= LONGEST and " at 0x" not in shown and "\n" not in shown else a(name)


def a(noun: str) -> str:
    """Return a noun with its article.

    Examples:
        >>> a("Industry"), a("Case")
        ('an Industry', 'a Case')
    """
    return f"an {noun}" if noun[:1].casefold() in "aeio" else f"a {noun}"


def listed(words: Iterable[str], last: str = "or") -> str:
    """Return words as a list in a sentence.

    Examples:
        >>> listed(("cash", "full")), listed(("a", "b", "c"))
        ('cash or full', 'a, b or c')
    """
    items = list(words)
    return f" {last} ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else "none"
