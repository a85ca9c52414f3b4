"""Collect every output of one case: what each command prints, in words and as JSON, and the files of a run.

Runs by path in the process and tree that it looks at (``python outputs.py CASE FOLDER everything``) and imports nothing
of it beside ``potline.cli.main``, so that it serves trees of any age. ``stored`` in place of ``everything`` leaves out
the commands whose tables the run has too, and the tables in the run's JSON, which are those of its CSV files; that is
asked of this tree alone, and computes no result of a case twice. Writes one file an output.
"""

from __future__ import annotations

import io
import json
import pathlib
import shutil
import sys
from html.parser import HTMLParser

CASES = (
    "china-aluminium-2013",
    "china-aluminium-2013-june",
    "china-aluminium-2015",
    "china-aluminium-2017",
    "steel-china-2023",
    "starter",
)
DRAWS = "64"
ASKED = {
    "check": ("check",),
    "costs": ("costs",),
    "costs-full": ("costs", "--measure", "full"),
    "stops": ("stops",),
    "market": ("market",),
    "market-cournot": ("market", "--concept", "cournot"),
    "market-chain": ("market", "--chain"),
    "meeting": ("meeting", "--draws", DRAWS),
    "record": ("record",),
}
ASKED_BESIDE = {
    "meeting-efficient": ("meeting", "--draws", "0", "--rule", "efficient"),
    "meeting-tornado": ("meeting", "--draws", "0", "--tornado"),
    "remedy": ("remedy", "--every"),
}


def collect(case: str, folder: pathlib.Path, *, everything: bool) -> None:
    """Write the outputs of a case into an empty folder; ``starter`` is written afresh."""
    folder.mkdir(parents=True)
    name = case
    if case == "starter":
        name = str(folder / "starter")
        _call(["new", name])
    said = _call(["run", name, "--draws", DRAWS, "--quiet", "--out", str(folder / "made")])
    _write(folder / "words" / "run.txt", said.replace(str(folder), "FOLDER"))
    for label, (command, *options) in (ASKED | ASKED_BESIDE if everything else ASKED).items():
        asked = [command, name, *options]
        _write(folder / "words" / f"{label}.txt", _call(asked).replace(str(folder), "FOLDER"))
        _write(folder / "json" / f"{label}.json", _call([*asked, "--json"]).replace(str(folder), "FOLDER"))
    made = folder / "made"
    for path in sorted((made / "tables").glob("*.csv")):
        _write(folder / "tables" / path.name, path.read_bytes().decode("utf-8"))
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    if not everything:
        del results["tables"]
    _write(folder / "json" / "run.json", json.dumps(results, ensure_ascii=False))
    certificates = json.loads((made / "manifest.json").read_text(encoding="utf-8"))["certificates"]
    held = "".join(f"{item['name']}: {item['holds']}\n" for item in certificates)
    _write(folder / "words" / "certificates.txt", held)
    _write(folder / "words" / "brief.txt", _text_of((made / "brief.html").read_text(encoding="utf-8")))
    figures = sorted(path.name for path in (made / "figures").iterdir())
    _write(folder / "words" / "figures.txt", "\n".join(figures) + "\n")
    shutil.rmtree(made)
    shutil.rmtree(folder / "starter", ignore_errors=True)


def share_answers() -> None:
    """Let all answers of equal case and settings in this process be one: each result is computed once."""
    from potline.answers import Answers

    plain = Answers.__init__
    found: dict[tuple[object, ...], dict[str, object]] = {}

    def shared(self: Answers, case: object, **settings: object) -> None:
        plain(self, case, **settings)  # type: ignore[arg-type]
        self.__dict__ = found.setdefault((case, self.draws, self.seed, self.spread_draws), self.__dict__)

    Answers.__init__ = shared  # type: ignore[method-assign]


def _call(asked: list[str]) -> str:
    """Run one command in this process; return what it printed and its exit code if it is not 0."""
    from potline.cli import main

    kept = sys.argv, sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2))
    code: object = 0
    try:
        sys.argv, sys.stdout, sys.stderr = ["potline", *asked], out, err
        main()
    except SystemExit as leave:
        code = leave.code or 0
    finally:
        sys.argv, sys.stdout, sys.stderr = kept
    text = ""
    for stream in (out, err):
        stream.flush()
        text += stream.buffer.getvalue().decode("utf-8")  # type: ignore[attr-defined]
    return text if code == 0 else f"{text}exit code {code}\n"


def _write(path: pathlib.Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


class _Text(HTMLParser):
    """The words of a page: text outside scripts, styles and drawings, one piece a line."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.hidden += tag in ("script", "style", "svg")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "svg")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self.hidden:
            self.words.append(words)


def _text_of(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    return "\n".join(parser.words) + "\n"


if __name__ == "__main__":
    import potline

    print(potline.__file__)
    everything = sys.argv[3] == "everything"
    if not everything:
        share_answers()
    collect(sys.argv[1], pathlib.Path(sys.argv[2]), everything=everything)
