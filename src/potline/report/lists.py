"""Say what became of a vendor's list: what was guessed and is to be said, or what was kept and dropped."""

from __future__ import annotations

__all__ = ["import_lines"]

from pathlib import Path

from potline.cases.loading import LEFT_OUT
from potline.lists import ListImport
from potline.report.saying import say

_MOST = 30
_LONGEST = 100


def import_lines(done: ListImport, path: str) -> list[str]:
    """Return the lines that tell of an import; ``path`` is the list as it was given.

    Examples:
        >>> done = ListImport(file="list.csv", folder="mine", mapping="mine/mapping.toml", case="mine", rows=2, kept=2,
        ...                   firms=1)
        >>> for line in import_lines(done, "list.csv"):
        ...     print(line)
        mine: 2 plants of 1 firm, from 2 rows of list.csv.
        No row was dropped.
        Next: potline check mine, then potline run mine
    """
    return _done(done) if done.case else _first(done, path)


def _first(done: ListImport, path: str) -> list[str]:
    lines = [say("lists.wrote_mapping", mapping=done.mapping, file=done.file, rows=done.rows), say("lists.guessed")]
    shown = [item for item in done.guesses if not item.key.startswith("statuses.")]
    lines += [f"  {say('lists.guess', key=item.key, value=item.value, why=_short(item.why))}" for item in shown]
    states = [item for item in done.guesses if item.key.startswith("statuses.")]
    lines += [f"  {say('lists.guess', key=item.key, value=item.value, why=item.why)}" for item in states[:_MOST]]
    if len(states) > _MOST:
        lines.append(f"  {say('lists.more', others=len(states) - _MOST)}")
    lines += [say("lists.yours"), *(f"  {say('lists.still', key=key)}" for key in done.open[:_MOST])]
    if len(done.open) > _MOST:
        lines.append(f"  {say('lists.more', others=len(done.open) - _MOST)}")
    return [*lines, say("lists.next_call", path=path, folder=done.folder)]


def _done(done: ListImport) -> list[str]:
    lines = [say("lists.kept", folder=done.folder, kept=done.kept, firms=done.firms, rows=done.rows, file=done.file)]
    reasons = list(done.reasons.items())
    if reasons:
        lines.append(say("lists.dropped", dropped=str(Path(done.folder) / LEFT_OUT)))
        lines += [f"  {say('lists.reason', times=times, reason=_short(reason))}" for reason, times in reasons[:_MOST]]
        if len(reasons) > _MOST:
            lines.append(f"  {say('lists.more', others=len(reasons) - _MOST)}")
    else:
        lines.append(say("lists.none_dropped"))
    if done.notes:
        lines.append(say("lists.told"))
    for note in done.notes:
        text = say(f"lists.notes.{note.kind}", count=len(note.rows))
        rows = [str(row) for row in note.rows]
        lines.append(f"  {say('lists.note', count=len(rows), text=text, rows=rows, example=_short(note.example))}")
    return [*lines, say("lists.then", folder=done.folder)]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
