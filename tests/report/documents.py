"""Small documents: what a brief is made of, made by hand."""

from __future__ import annotations

from potline.report.blocks import Blocks, Document, FirstPage, Head, Section, bullets, joined, paragraph


def small(*pieces: Blocks, said: str = "No cut would hold.", language: str = "en") -> Document:
    """A document with one chapter, in which the pieces stand."""
    return Document(
        title="Would it hold? Small",
        language=language,
        first=FirstPage(
            head=Head(title="Would it hold?", word=said, sentence="Each would leave.", kind="no", note="By belief."),
            under="Brief · Small",
            failed="",
            front=(),
            told=(("If others keep", "nothing would hold."),),
            note="",
        ),
        sections=(Section(title="Words", blocks=joined(*pieces) or paragraph("words") + bullets(["one", "two"])),),
        foot=("Source: by hand.", "Run 0123. Changed: nothing."),
        run="Run 0123.",
    )
