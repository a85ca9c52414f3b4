"""What is counted as solved, that too few is a failure, and what an absent or refusing code does."""

from __future__ import annotations

import os
import pathlib
from types import SimpleNamespace

import numpy as np
import pytest
from tests import peers
from tests.numerics.complementarity import zoo as zoo
from tests.oracles import asking, path, siconos
from tests.oracles.asking import Tally, was_solved
from tests.oracles.judging import first_that_solves

from potline.numerics.complementarity.problem import solve_complementarity


def tallied(solved: int, problems: int = 200) -> Tally:
    tally = Tally("200 random markets")
    for k in range(problems):
        tally.add(
            f"market-{k}", {"Lemke": k < solved, "IPOPT": k < solved // 2, "PATH": "POTLINE_GAMS names no program"}
        )
    return tally


def test_the_count_says_who_solved_how_many_and_who_was_not_asked(monkeypatch):
    monkeypatch.setattr(asking, "COUNTS", [])
    tallied(190).require()
    assert asking.COUNTS == [
        "200 random markets: 190 of 200 solved; Lemke 190 of 200 asked; IPOPT 95 of 200 asked; "
        "PATH not asked (POTLINE_GAMS names no program)"
    ]


@pytest.mark.parametrize(("solved", "first"), [(189, "market-189, market-190"), (0, "market-0, market-1")])
def test_fewer_than_190_of_200_is_a_failure_and_so_is_an_empty_oracle(monkeypatch, solved, first):
    monkeypatch.setattr(asking, "COUNTS", [])
    with pytest.raises(AssertionError) as caught:
        tallied(solved).require()
    assert "At least 190 must be solved by one or more" in str(caught.value)
    assert f"first not: {first}" in str(caught.value)
    assert asking.COUNTS[0].startswith(f"200 random markets: {solved} of 200 solved;")


def test_nothing_asked_is_a_failure(monkeypatch):
    monkeypatch.setattr(asking, "COUNTS", [])
    with pytest.raises(AssertionError, match="200 random markets: nothing was asked"):
        Tally("200 random markets").require()


def test_only_what_meets_our_residual_is_a_solution():
    item = zoo.indexed_alumina(3)
    right = solve_complementarity(item.problem, item.lower, item.upper, item.start).point
    wrong = [right * 1.001, right + np.eye(right.size)[0], np.full(right.size, np.nan), np.full(right.size, np.inf)]
    assert first_that_solves(item, wrong) == ""
    assert first_that_solves(item, [*wrong, right]) is right
    assert [was_solved(answer) for answer in ("", "not there", right)] == [False, "not there", True]


def test_a_locked_code_that_is_absent_is_a_failure_where_all_are_called_for(monkeypatch):
    monkeypatch.setattr(peers, "ALL_CALLED_FOR", True)
    with pytest.raises(pytest.fail.Exception, match="no_such_oracle is not installed"):
        peers.peer("no_such_oracle")
    monkeypatch.setattr(peers, "ALL_CALLED_FOR", False)
    with pytest.raises(pytest.skip.Exception, match="no_such_oracle is not installed; `make oracles` installs it"):
        peers.peer("no_such_oracle")


SMALL = SimpleNamespace(
    name="small", rows=["x1 - 2.0"], lower=np.zeros(1), upper=np.full(1, np.inf), start=np.zeros(1), size=1
)


def program(folder: pathlib.Path, monkeypatch, text: str) -> str:
    """Write a program that stands for GAMS and name it."""
    if os.name != "posix":
        pytest.skip("a shell script stands for the program")
    file = folder / "gams"
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("POTLINE_GAMS", str(file))
    return str(file)


def test_path_is_not_asked_unless_somebody_names_it(monkeypatch):
    for unset in (
        lambda: monkeypatch.delenv("POTLINE_GAMS", raising=False),
        lambda: monkeypatch.setenv("POTLINE_GAMS", ""),
    ):
        unset()
        assert path.why_absent() == "POTLINE_GAMS names no program"
    monkeypatch.setenv("POTLINE_GAMS", "somewhere")
    assert path.why_absent() is None


def test_a_named_path_that_is_not_there_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setenv("POTLINE_GAMS", str(tmp_path / "nowhere"))
    with pytest.raises(path.Refused, match=r"POTLINE_GAMS names .*nowhere, which does not run: .*No such file"):
        path.answers([SMALL], [[SMALL.start]])


def test_a_named_path_whose_licence_has_ended_is_a_failure_in_its_own_words(monkeypatch, tmp_path):
    named = program(tmp_path, monkeypatch, "echo '*** Time-limited license expired'; exit 7")
    with pytest.raises(path.Refused) as caught:
        path.answers([SMALL], [[SMALL.start]])
    assert str(caught.value) == f"{named} ended with 7: *** Time-limited license expired"
    program(tmp_path, monkeypatch, "echo 7 14 0.0 0.0 > answers.txt")
    with pytest.raises(path.Refused) as caught:
        path.answers([SMALL], [[SMALL.start]])
    assert str(caught.value) == f"{named} has no licence for small, 1 variables"
    program(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(path.Refused) as caught:
        path.answers([SMALL], [[SMALL.start]])
    assert str(caught.value) == f"{named} wrote no answers"


def test_a_named_path_is_given_the_problem_and_its_points_are_read(monkeypatch, tmp_path):
    program(tmp_path, monkeypatch, f"cp run.gms {tmp_path}/seen; echo 1 1 0.25 2.0 1 2 0.5 3.0 > answers.txt")
    found = path.answers([SMALL], [[SMALL.start, np.ones(1)]])
    assert [[point.tolist() for point in own] for own in found] == [[[2.0], [3.0]]]
    seen = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    for line in ("m0_e1.. m0_x1 - 2.0  =n= 0;", "m0_x1.lo=0.0;", "m1_x1.l=1.0;"):
        assert line in seen, line


def test_siconos_is_not_asked_where_the_system_has_none(monkeypatch):
    siconos.why_absent.cache_clear()
    monkeypatch.setattr(siconos, "_python", lambda: None)
    assert siconos.why_absent() == "the system has no python3"
    siconos.why_absent.cache_clear()
    monkeypatch.setattr(siconos, "_python", lambda: "/bin/false")
    assert siconos.why_absent() == "/bin/false does not import siconos"
    siconos.why_absent.cache_clear()
    read = SimpleNamespace(**vars(SMALL), unit=np.ones(1), weight=np.ones(1))
    assert siconos.answers([read], [[SMALL.start]]) == "it ended with 1: "
