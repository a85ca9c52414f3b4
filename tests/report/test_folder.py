"""What --out may replace, what a killed run leaves, and two runs at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from potline.errors import InputError
from potline.report.folder import MANIFEST, check_place, check_writable, file_hashes, whole_file, whole_folder
from potline.report.forms import check_brief_place

NEEDED = "needed a new name, an empty folder or an earlier run to replace."
ELSEWHERE = "Choose another place with --out."
KEEP = "Move what you want to keep, or choose another place with --out."


def fill(folder: Path, text: str) -> None:
    (folder / "tables").mkdir()
    (folder / "brief.html").write_text(text)
    (folder / "tables" / "plants.csv").write_text(text)
    content = {"schema": 1, "potline": "0", "files_sha256": file_hashes(folder)}
    (folder / MANIFEST).write_text(json.dumps(content))


def written(out: Path, text: str) -> None:
    with whole_folder(out) as folder:
        fill(folder, text)


def refusal(out: Path) -> str:
    with pytest.raises(InputError) as caught:
        written(out, "gone")
    return str(caught.value)


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): "" if path.is_dir() else path.read_text(errors="replace")
        for path in sorted(folder.rglob("*"))
    }


def test_a_folder_appears_whole_and_replaces_an_earlier_run(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"
    written(out, "first")
    written(out, "second")
    assert (out / "brief.html").read_text() == "second"
    assert list(out.parent.iterdir()) == [out]


def test_an_empty_folder_and_a_run_with_a_file_missing_are_replaced(tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    written(out, "first")
    (out / "brief.html").unlink()
    written(out, "second")
    assert (out / "brief.html").read_text() == "second"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_follows_the_mask_of_its_user(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        written(tmp_path / "run", "text")
        with whole_file(tmp_path / "page") as file:
            file.write_text("text")
    finally:
        os.umask(old)
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_what_ends_early_leaves_nothing_and_keeps_the_earlier_run(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "run"

    def interrupted() -> None:
        with whole_folder(out) as folder:
            (folder / "half").write_text("written")
            raise error

    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == []
    written(out, "first")
    with pytest.raises(error):
        interrupted()
    assert list(tmp_path.iterdir()) == [out]
    assert (out / "brief.html").read_text() == "first"


STRANGERS = {
    "thesis": (["thesis.txt"], "a folder that is no earlier run", ELSEWHERE),
    "app": (["manifest.json", "index.html"], "a folder that is no earlier run", ELSEWHERE),
    "case": (["case.toml", "plants.csv"], "a folder that is no earlier run", ELSEWHERE),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_a_folder_of_a_stranger_is_refused_untouched(tmp_path: Path, name: str) -> None:
    files, found, hint = STRANGERS[name]
    out = tmp_path / "mine"
    out.mkdir()
    for file in files:
        (out / file).write_text('{"name": "app", "schema": 1, "icons": []}')
    before = tree(tmp_path)
    assert refusal(out) == f"output {out}: found {found}; {NEEDED} {hint}"
    assert tree(tmp_path) == before


BESIDE = {
    "notes.txt": "notes.txt",
    "tables/notes.txt": "tables/notes.txt",
    "mine/a.txt": "mine/",
    "mine": "mine/",
    "brief.html": "brief.html (changed since)",
    "link": "link (a link)",
    "tables/plants.csv": "tables/plants.csv (a link)",
    "pipe": "pipe",
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_an_earlier_run_is_neither_moved_nor_removed(tmp_path: Path, name: str) -> None:
    out = tmp_path / "run"
    written(out, "first")
    shown = BESIDE[name]
    if shown.endswith("(a link)"):
        (tmp_path / "elsewhere").write_text("first")
        (out / name).unlink(missing_ok=True)
        (out / name).symlink_to(tmp_path / "elsewhere")
    elif name == "pipe":
        os.mkfifo(out / name)
    elif name == "mine":
        (out / name).mkdir()
    else:
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text("years of work")
    names = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    found = f"an earlier run with what it did not write: {shown}"
    assert refusal(out) == f"output {out}: found {found}; {NEEDED} {KEEP}"
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == names


def test_many_strangers_are_counted(tmp_path: Path) -> None:
    out = tmp_path / "run"
    written(out, "first")
    for number in range(5):
        (out / f"note{number}.txt").write_text("mine")
    assert "did not write: note0.txt, note1.txt, note2.txt and 2 more; needed" in refusal(out)


def test_what_comes_in_while_the_run_is_written_stays(tmp_path: Path) -> None:
    out = tmp_path / "run"
    written(out, "first")

    def late() -> None:
        with whole_folder(out) as folder:
            fill(folder, "second")
            (out / "late.txt").write_text("mine")

    with pytest.raises(InputError, match=r"what it did not write: late\.txt;"):
        late()
    assert (out / "late.txt").read_text() == "mine"
    assert (out / "brief.html").read_text() == "first"
    assert list(tmp_path.iterdir()) == [out]


def test_the_folder_one_stands_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "run"
    written(out, "first")
    for place in (out, out / "tables"):
        monkeypatch.chdir(place)
        name = Path("." if place == out else "..")
        assert refusal(name) == (
            f"output {name}: found the folder you are in; {NEEDED} Go elsewhere, or choose another place with --out."
        )
    assert (out / "brief.html").read_text() == "first"
    assert "found the root of the file system" in refusal(Path("/"))


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk" / "run")
    assert "found a link to nothing" in refusal(tmp_path / "link")
    (tmp_path / "disk" / "run").mkdir()
    written(tmp_path / "link", "first")
    written(tmp_path / "link", "second")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk" / "run" / "brief.html").read_text() == "second"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["disk", "link"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    assert refusal(tmp_path / "run") == f"output {tmp_path / 'run'}: found a file; {NEEDED} {ELSEWHERE}"


def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert "needed a place that can be written. Choose another with --out." in refusal(tmp_path / "file" / "run")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written_is_said_before_anything_is_computed(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for place in (tmp_path / "run", tmp_path / "deep" / "run"):
        with pytest.raises(InputError, match="found permission denied; needed a place that can be written"):
            check_place(place)


def test_a_place_below_a_file_or_without_leave_is_said_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="found not a directory; needed a place that can be written"):
        check_writable(tmp_path / "file" / "run")
    check_writable(tmp_path / "deep" / "run")
    monkeypatch.setattr(os, "access", lambda *_: False)
    for check in (check_place, check_brief_place):
        with pytest.raises(InputError, match="found permission denied; needed a place that can be written"):
            check(tmp_path / "deep" / "run")


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    def full() -> None:
        with whole_folder(tmp_path / "run") as folder:
            (folder / "half").write_text("written")
            raise OSError(28, "No space left on device", str(folder / "half"))

    with pytest.raises(InputError) as caught:
        full()
    assert str(caught.value) == (
        f"output {tmp_path / 'run'}: found no space left on device; needed a place that can be written. "
        "Choose another with --out."
    )
    assert list(tmp_path.iterdir()) == []


KILLED = """
    import os, signal, sys
    from pathlib import Path
    sys.path.insert(0, {root!r})
    from tests.report.test_folder import fill, written
    from potline.report import folder as place
    when, number = {when!r}, {number}
    calls = 0

    def counted(name, real):
        def call(*arguments, **more):
            global calls
            calls += name == when
            if name == when and calls == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **more)
        return call

    os.rename = counted("rename", os.rename)
    place._clear = counted("clear", place._clear)
    place._locked_folder = counted("locked", place._locked_folder)
    with place.whole_folder(Path({out!r})) as new:
        (new / "half").write_text("half written")
        if when == "writing":
            os.kill(os.getpid(), signal.SIGKILL)
        (new / "half").unlink()
        fill(new, "killed")
"""


def kill(out: Path, when: str, number: int = 1) -> None:
    root = str(Path(__file__).parents[2])
    text = textwrap.dedent(KILLED).format(root=root, when=when, number=number, out=str(out))
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("when", "number", "stands"),
    [("locked", 1, True), ("writing", 1, True), ("rename", 1, True), ("rename", 2, False), ("clear", 1, True)],
)
@pytest.mark.parametrize("other", [False, True], ids=["the same place", "a place beside it"])
def test_a_killed_run_is_cleaned_up_by_the_next_and_the_earlier_found_again(
    tmp_path: Path, when: str, number: int, stands: bool, other: bool
) -> None:
    out = tmp_path / "run"
    written(out, "first")
    kill(out, when, number)
    assert out.exists() is stands
    after = "killed" if when == "clear" else "first"
    if other:
        written(tmp_path / "other", "other")
        assert (out / "brief.html").read_text() == after
        assert sorted(item.name for item in tmp_path.iterdir()) == ["other", "run"]
    else:
        with whole_folder(out) as folder:
            assert (out / "brief.html").read_text() == after  # found again before the new one is written
            fill(folder, "next")
        assert (out / "brief.html").read_text() == "next"
        assert list(tmp_path.iterdir()) == [out]


def test_a_reused_process_number_does_not_keep_what_a_killed_run_left(tmp_path: Path) -> None:
    left = tmp_path / ".run.potline-0123abcd"
    (left / "new").mkdir(parents=True)
    (left / "lock").write_text(str(os.getpid()))  # a number that lives; nobody holds the lock
    written(tmp_path / "run", "next")
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_what_a_living_run_holds_is_left_alone(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "slow") as slow:
        (slow / "half").write_text("half")
        written(tmp_path / "run", "fast")
        written(tmp_path / "slow", "faster")
        assert (slow / "half").read_text() == "half"
        (slow / "half").unlink()
        fill(slow, "slow")
    assert (tmp_path / "slow" / "brief.html").read_text() == "slow"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["run", "slow"]


def test_names_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    names = [".run.potline-xyz", ".run.potline-0123abcd.bak", "run.potline-0123abcd", ".run-0123abcd"]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "notes.txt").write_text("mine")
    lookalike = tmp_path / ".notes.potline-0123abcd"  # as ours are called, without a lock of ours in it
    lookalike.mkdir()
    (lookalike / "notes.txt").write_text("mine")
    (tmp_path / ".link.potline-0123abcd").symlink_to(tmp_path / names[0])
    before = tree(tmp_path)
    written(tmp_path / "run", "text")
    assert {name: text for name, text in tree(tmp_path).items() if not name.startswith("run/") and name != "run"} == (
        before
    )


def test_a_stranger_inside_what_a_killed_run_moved_aside_is_not_removed(tmp_path: Path) -> None:
    out = tmp_path / "run"
    written(out, "first")
    kill(out, "rename", 2)
    (hidden,) = (item for item in tmp_path.iterdir() if item.name.startswith(".run.potline-"))
    (hidden / "old00" / "notes.txt").write_text("years of work")
    assert "did not write: notes.txt" in refusal(out)
    assert (out / "notes.txt").read_text() == "years of work"
    assert list(tmp_path.iterdir()) == [out]


def test_two_runs_at_once_leave_one_whole_folder(tmp_path: Path) -> None:
    out, errors, together = tmp_path / "run", list[BaseException](), threading.Barrier(4)

    def go(text: str) -> None:
        try:
            for turn in range(8):
                with whole_folder(out) as folder:
                    fill(folder, f"{text} {turn}")
                    together.wait(60)
        except BaseException as error:
            errors.append(error)
            together.abort()

    threads = [threading.Thread(target=go, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    text = (out / "brief.html").read_text()
    assert text[2:] == "7"
    assert (out / "tables" / "plants.csv").read_text() == text
    check_place(out)
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_is_written_whole_and_a_killed_one_removed(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    (tmp_path / ".page.html.potline-0123abcd").write_text("half")
    (tmp_path / "link").symlink_to(page)
    with whole_file(tmp_path / "link") as file:
        file.write_text("whole")
        assert not page.exists()
    assert page.read_text() == "whole"
    assert (tmp_path / "link").is_symlink()

    def broken() -> None:
        with whole_file(page) as file:
            file.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert page.read_text() == "whole"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["link", "page.html"]
