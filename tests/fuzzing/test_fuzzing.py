"""2,000 mutations of case folders, overrides and command lines; ``make fuzz`` makes 100,000 others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.fuzzing.__main__ import fuzz, report
from tests.fuzzing.base import starter, whole
from tests.fuzzing.holding import Fuzzing, Outcome

from potline.cases import check

COUNT, FIRST = 2_000, 1_000_000


def test_every_mutation_is_answered_or_refused_in_our_words():
    found = fuzz(COUNT, first=FIRST, every=4, meetings=5)
    failures = [f"{item.number}: {item.done}: {item.told}" for item in found if item.ended == "failed"]
    assert not failures, "\n".join(failures)
    ended = Counter(item.ended for item in found)
    assert len(found) == COUNT
    assert ended["refused"] > COUNT // 3
    assert ended["loaded"] + ended["answered"] > COUNT // 10
    assert ended["answered"] > COUNT // 50


def test_both_folders_that_are_mutated_are_sound(tmp_path: Path):
    for files in (starter(tmp_path / "starter"), whole(tmp_path / "starter")):
        folder = tmp_path / f"of {len(files)}"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        assert check(folder) == ()
    assert len(whole(tmp_path / "starter")) == 12


def test_a_number_is_one_mutation_and_what_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fuzzing = Fuzzing(tmp_path, every=10**9)
    first, again = ([fuzzing.one(number) for number in range(1, 40)] for _ in range(2))
    assert [(item.done, item.ended, item.told) for item in first] == [
        (item.done, item.ended, item.told) for item in again
    ]

    def broken(folder: Path):
        raise ZeroDivisionError("division by zero")

    def slow(folder: Path):
        while True:
            pass

    refused = next(item.number for item in first if ".csv" in item.done)
    monkeypatch.setattr("tests.fuzzing.holding.load", broken)
    ended = fuzzing.one(refused)
    assert (ended.ended, ended.told.split(" at ")[0]) == ("failed", "ZeroDivisionError: division by zero")
    monkeypatch.setattr("tests.fuzzing.holding.load", slow)
    monkeypatch.setattr("tests.fuzzing.holding.MOST_SECONDS", 0.2)
    ended = fuzzing.one(refused)
    assert ended.ended == "failed"
    assert ended.told.startswith("more than 0.2 s: ")


def test_the_report_counts_and_names_numbers():
    def outcome(number: int, ended: str, told: str = "") -> Outcome:
        return Outcome(number=number, done="plants.csv: blank", ended=ended, told=told, seconds=0.25 * number)

    found = [outcome(1, "refused", "a number"), outcome(2, "answered"), outcome(3, "failed", "KeyError: 'x'")]
    assert report(found) == (
        "3 mutations, 2 s of processor\n  refused: 1\n  loaded: 0\n  answered: 1\n  failed: 1\n"
        "  slowest: 0.8 s, 3 (plants.csv: blank)\n1 kinds of error; the most frequent:\n  1 needed a number\n"
        "FAILED 3: plants.csv: blank: KeyError: 'x'"
    )
