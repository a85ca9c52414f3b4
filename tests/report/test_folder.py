from __future__ import annotations

from pathlib import Path

import pytest

from potline.errors import InputError
from potline.report.folder import MANIFEST, whole_folder


def written(out: Path, text: str) -> None:
    with whole_folder(out) as folder:
        (folder / MANIFEST).write_text(text)


def test_a_folder_appears_whole_and_replaces_an_earlier_run(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "run"
    written(out, "first")
    written(out, "second")
    assert (out / MANIFEST).read_text() == "second"
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
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
    assert (out / MANIFEST).read_text() == "first"


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError) as caught:
        written(out, "gone")
    assert str(caught.value) == (
        f"output {out}: found a folder that is no earlier run; needed a new name, an empty folder or an earlier run to "
        "replace. Choose another place with --out."
    )
    assert (out / "thesis.txt").read_text() == "years of work"


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("a file")
    with pytest.raises(InputError, match="found a file"):
        written(tmp_path / "run", "gone")


def test_a_place_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError) as caught:
        written(tmp_path / "file" / "run", "gone")
    assert "needed a place that can be written. Choose another with --out." in str(caught.value)
