"""Certificates made by another process are those that this one would make, and what fails there fails here."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

import potline as pot
from potline.agreement import tonnages_that_hold
from potline.agreement.certificate import NOTHING, Certificate, certified
from potline.agreement.verdict import tonnages as verb
from potline.beside import Later, beside, made
from potline.cases import Case
from potline.choices import OnFailure
from potline.errors import CertificateFailed
from potline.questions.verbs import run
from potline.verification import Check

HERE = os.getpid()
alone = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="no process can be copied here")


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case") / "starter"
    pot.new(folder)
    return pot.load(folder)


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTLINE_THREADS", "2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    value: float
    certificate: Certificate = NOTHING


def one(value: float, *, more: float = 0.0) -> Certificate:
    return Certificate(checks=(Check(name="value", value=value + more, tolerance=1.0),))


def of_value(answer: Found) -> Certificate:
    return one(answer.value)


def wrong(answer: object) -> Certificate:
    del answer
    return one(2.0)


def where(answer: object) -> int:
    del answer
    return os.getpid()


def sums(answer: tuple[Certificate, float]) -> float:
    return answer[0].checks[0].value + answer[1]


def ends(answer: object) -> Certificate:
    del answer
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return one(0.25)


def fails(answer: float) -> Certificate:
    raise ZeroDivisionError(f"found {answer:g}")


@alone
def test_another_process_makes_it() -> None:
    with beside():
        process = made(where, None)
        assert isinstance(process, Later)
        assert process.found not in (0, os.getpid())
    assert made(where, None) == os.getpid()


@alone
def test_a_promise_reads_as_what_is_promised() -> None:
    with beside():
        later = made(one, 0.25, more=0.5)
        assert later.checks == one(0.75).checks
        assert later.holds
        assert repr(later) == repr(one(0.75))


@alone
def test_a_certificate_may_stand_on_one_that_is_still_made() -> None:
    with beside():
        part = made(one, 0.25)
        whole = made(sums, (part, 0.5))
        assert isinstance(whole, Later)
    assert whole.found == 0.75


@alone
def test_what_is_shared_is_not_sent() -> None:
    text = bytes(1_000_000)
    shared = Found(
        value=0.0, certificate=Certificate(checks=(Check(name="large", value=0.0, tolerance=1.0, method=str(text)),))
    )
    with beside(shared):
        later = made(where, shared)
        assert isinstance(later, Later)
        assert later.process.sent < 1_000


def test_one_core_makes_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTLINE_THREADS", "1")
    with beside():
        assert made(where, None) == os.getpid()


def test_what_cannot_be_sent_is_made_at_once() -> None:
    with beside():
        assert made(lambda answer: answer + 1, 1) == 2


@alone
def test_what_is_raised_there_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError, match="found 3"), beside():
        made(fails, 3.0)


@alone
def test_a_process_that_ends_leaves_nothing_unmade() -> None:
    with beside():
        first, second = made(ends, None), made(one, 0.5)
        assert first.checks == one(0.25).checks
        assert second.checks == one(0.5).checks


@alone
def test_a_certificate_that_fails_is_said_when_the_block_ends() -> None:
    with beside():
        answer = certified(Found(value=0.5), of_value, OnFailure.RAISE, "the answer")
    assert answer.certificate.holds
    told: list[str] = []

    def failing() -> None:
        with beside():
            certified(Found(value=3.0), of_value, OnFailure.RAISE, "the answer")
            told.append("it was not waited for")

    with pytest.raises(CertificateFailed, match=r"the answer does not pass its check \(value: found 3, needed 1"):
        failing()
    assert told
    with beside():
        answer = certified(Found(value=3.0), of_value, OnFailure.REPORT, "the answer")
    assert not answer.certificate.holds


@alone
def test_an_error_within_leaves_no_process() -> None:
    pid: list[int] = []

    def failing() -> None:
        with beside():
            later = made(one, 0.5)
            assert isinstance(later, Later)
            pid.append(later.process.pid)
            raise KeyError("what")

    with pytest.raises(KeyError):
        failing()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid[0], os.WNOHANG)


@alone
def test_an_answer_has_the_certificate_that_it_has_without(starter: Case) -> None:
    plain = tonnages_that_hold(starter)
    with beside(starter):
        found = tonnages_that_hold(starter)
        assert isinstance(found.certificate, Later)
    assert found.certificate.checks == plain.certificate.checks
    assert plain.certificate.holds


@alone
def test_a_run_is_made_again_without_an_answer_that_fails_there(
    starter: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = verb.certified

    def spoiled(answer: pot.TonnagesThatHold, _: object, check: OnFailure, what: str) -> pot.TonnagesThatHold:
        return right(answer, wrong, check, what)

    monkeypatch.setattr(verb, "certified", spoiled)
    said: list[str] = []
    found = run(starter, draws=8, out=tmp_path / "run", say=said.append)
    assert not found.certified
    assert any(line.startswith("Not answered: ") for line in said)
    assert len(set(said)) == len(said)
