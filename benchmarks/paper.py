"""How fast a brief is set on paper: the flagship's, its figures drawn, beside a browser that prints the page.

What was printed is looked at: pages and words. The browser prints the same page in the same run, all folds open.
"""

from __future__ import annotations

import io
import pathlib
import shutil
import subprocess
import tempfile
import time

Bar = dict[str, object]

CASE, DRAWS, PAGES, LIMIT_S, ROUNDS = "china-aluminium-2013", 8, 20, 5.0, 3
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def bars() -> list[Bar]:
    """Return the bar of paper."""
    import pypdf

    from potline.cases import load
    from potline.questions.verbs import brief
    from potline.report.paper import pdf

    made = brief(load(CASE), draws=DRAWS)
    seconds: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        data = pdf(made.document)
        seconds.append(time.perf_counter() - start)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]
    assert len(pages) >= PAGES, len(pages)
    for words in (made.document.first.head.title, *(section.title for section in made.document.sections)):
        assert words in " ".join(" ".join(pages).split()), words
    peer, said = _printed(made.html.replace("<details", "<details open"))
    return [
        {
            "name": f"brief of {CASE} as PDF, figures drawn",
            "group": "files",
            "figure": min(seconds),
            "unit": "s",
            "peer": "Chromium, the page printed",
            "peer_figure": peer,
            "ratio": peer / min(seconds) if peer is not None else None,
            "bar": f"{LIMIT_S:g} s or less, and no more than the peer{said}",
            "holds": min(seconds) <= LIMIT_S and peer is not None and min(seconds) <= peer,
        }
    ]


def _printed(page: str) -> tuple[float | None, str]:
    """Return the seconds in which a browser prints a page; None, and why, without one."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None, " (not run: no Chromium is on the path)"
    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        source, out = pathlib.Path(place) / "page.html", pathlib.Path(place) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        for _ in range(ROUNDS):
            start = time.perf_counter()
            command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place}/profile"]
            subprocess.run(
                [*command, f"--print-to-pdf={out}", source.as_uri()], check=True, capture_output=True, timeout=120
            )
            seconds.append(time.perf_counter() - start)
            assert out.stat().st_size > 100_000
    return min(seconds), ""
