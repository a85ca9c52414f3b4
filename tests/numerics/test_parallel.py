from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from potline.numerics.parallel import split


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("count", [1, 2, 5, 100])
def test_chunks_cover_every_index_once(count: int, threads: int) -> None:
    seen: list[int] = []
    split(lambda start, stop: seen.extend(range(start, stop)), count, threads)
    assert sorted(seen) == list(range(count))


def nothing(start: int, stop: int) -> None:
    del start, stop


def test_the_callers_thread_does_the_first_chunk_and_the_others_are_kept() -> None:
    by: dict[int, threading.Thread] = {}

    def told(start: int, stop: int) -> None:
        by[start] = threading.current_thread()
        assert stop == start + 2

    for _ in range(20):
        split(told, 6, 3)
        assert by[0] is threading.current_thread()
        assert {by[2], by[4]}.isdisjoint({by[0]})
    before = threading.active_count()
    for _ in range(20):
        split(nothing, 6, 3)
    assert threading.active_count() == before


@pytest.mark.parametrize("failing", [0, 3])
def test_an_error_is_raised_once_every_chunk_has_ended(failing: int) -> None:
    ended: list[int] = []

    def task(start: int, stop: int) -> None:
        ended.append(start)
        if start == failing:
            raise ArithmeticError(f"chunk {start} to {stop}")

    with pytest.raises(ArithmeticError, match=f"chunk {failing} to {failing + 3}"):
        split(task, 6, 2)
    assert sorted(ended) == [0, 3]


def test_several_threads_split_at_once() -> None:
    def total(count: int) -> int:
        found = [0] * count
        split(lambda start, stop: found.__setitem__(slice(start, stop), range(start, stop)), count, 3)
        return sum(found)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(total, range(3, 200))) == [n * (n - 1) // 2 for n in range(3, 200)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_splits_too() -> None:
    split(nothing, 4, 2)
    child = os.fork()
    if child == 0:
        seen: list[int] = []
        split(lambda start, stop: seen.extend(range(start, stop)), 4, 2)
        os._exit(0 if sorted(seen) == [0, 1, 2, 3] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
