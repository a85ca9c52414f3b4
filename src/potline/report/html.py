"""A brief as a self-contained page: escaped text, sections, tables, figures. No script, no address."""

from __future__ import annotations

__all__ = ["GENERATOR", "POLICY", "STYLE", "inside", "page"]

import re
from collections.abc import Sequence
from html import escape

from potline.choices import Language
from potline.report.blocks import (
    Block,
    Blocks,
    Bullets,
    Document,
    FirstPage,
    Fold,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Section,
    subheadings,
)
from potline.report.fonts import font_face, han_face
from potline.text import cleaned

STYLE = """
:root{--ink:#1d2733;--soft:#5b6673;--line:#d9dfe5;--head:#0b3d5c;--wash:#f5f7f9;--bad:#a63d00;--good:#00684b}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:var(--ink);font:17px/1.5 "Potline Sans","Source Sans 3",
"Helvetica Neue",Arial,"Liberation Sans","Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:820px;margin:0 auto;padding:40px 32px 56px}
h1{font-size:38px;line-height:1.15;margin:0 0 6px;letter-spacing:-.01em}
.under{color:var(--soft);margin:0 0 18px}
.verdict{font-size:20px;line-height:1.4;margin:0 0 20px;padding:14px 18px;background:var(--wash);
border-left:5px solid var(--head)}
.verdict.no{border-color:var(--bad)}.verdict.yes{border-color:var(--good)}
.verdict.no strong{color:var(--bad)}.verdict.yes strong{color:var(--good)}
.verdict strong{display:block;font-size:24px}
.hangs{margin:0 0 18px}
.front{display:grid;grid-template-columns:1fr 1fr;gap:0 22px;align-items:start}
.front figure{margin:6px 0 10px}.front figure:first-child,.front figure:last-child:nth-child(2){grid-column:1/3}
.front figcaption{font-size:14.5px}
.told{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:8px 0 0}
.told dt{font-weight:600}.told dd{margin:0}
nav{font-size:13.5px;line-height:1.45;margin:16px 0 0;padding:9px 0;
border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
nav ul{list-style:none;margin:0;padding:0}nav li{margin:0 0 2px}
nav a{color:var(--soft);text-decoration:none;margin-right:9px}nav a:first-child{color:var(--head);font-weight:600}
nav a:hover{text-decoration:underline}
section{margin:14px 0 0;padding:10px 0 0;border-top:1px solid var(--line)}
section>details{margin:0}section>details>summary h2{display:inline}
h2{font-size:23px;color:var(--head);margin:0 0 8px;line-height:1.2}
h3{font-size:16.5px;margin:22px 0 6px}
p{margin:0 0 11px}
ul{margin:0 0 12px;padding-left:20px}li{margin:0 0 4px}
figure{margin:16px 0 20px;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
figcaption{font-size:15.5px;line-height:1.45;margin-top:4px}
figcaption .source{display:block;color:var(--soft);font-size:13px}
.scroll{overflow-x:auto;margin:10px 0 16px}
table{border-collapse:collapse;width:100%;font-size:14.5px;line-height:1.35;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);font-size:14px;padding:0 0 5px}
th,td{padding:4px 9px 4px 0;text-align:left;vertical-align:top}
th{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--ink);font-weight:600;vertical-align:bottom}
td{border-bottom:1px solid #eceff2}
tbody tr:last-child td{border-bottom:1.5px solid var(--ink)}
.n{text-align:right;white-space:nowrap}th.n{white-space:normal}
.w{white-space:nowrap}
details{margin:8px 0 14px}summary{cursor:pointer;color:var(--head);font-size:14.5px}
.note{color:var(--soft);font-size:14px}
footer{margin-top:40px;padding-top:10px;border-top:1px solid var(--line);color:var(--soft);font-size:12.5px;
overflow-wrap:anywhere}
@media(max-width:640px){main{padding:22px 16px 40px}.front,.told{display:block}
h1{font-size:27px}.draw{overflow-x:auto}figure svg{min-width:640px}
.front figure+figure svg{min-width:0}
.draw::before{content:"\\21C6";display:block;position:sticky;left:0;text-align:right;color:var(--soft);font-size:20px}
.front figure+figure .draw::before{content:none}
.scroll{background:linear-gradient(90deg,#fff 40%,#fff0) 0 0/40px 100% no-repeat local,
linear-gradient(270deg,#fff 40%,#fff0) 100% 0/40px 100% no-repeat local,
linear-gradient(90deg,#8896,#8890) 0 0/14px 100% no-repeat scroll,
linear-gradient(270deg,#8896,#8890) 100% 0/14px 100% no-repeat scroll}}
@page{size:A4;margin:16mm 15mm 18mm}@page:first{margin:11mm 15mm 10mm}
@media print{body{font-size:10.4pt;line-height:1.42}main{max-width:none;padding:0}nav{display:none}
section{margin-top:20px}.front figcaption{font-size:9.2pt}
h1{font-size:24pt}h2{font-size:15.5pt;break-after:avoid}h3{break-after:avoid}
.verdict{font-size:11.5pt;padding:8px 14px;margin-bottom:10px}.verdict strong{font-size:14.5pt}
.front figure{margin:2px 0 6px}.front figure:first-child svg{max-height:63mm}
.front figure+figure svg{max-height:56mm}.front+.told{font-size:9.6pt}
nav+section{break-before:page}.told+.note{margin:4px 0 0;font-size:8.6pt}
.verdict,tr,figure{break-inside:avoid}thead{display:table-header-group;break-after:avoid}
figure svg{max-height:225mm}figcaption{font-size:9.6pt}figcaption .source{font-size:8.4pt}
tbody tr:first-child{break-before:avoid}
details:not([open])>*:not(summary){display:none}table{font-size:8.6pt}.scroll{overflow:visible}
.verdict{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
""".strip()

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""No script, no address, no frame; styles and fonts stand in the page itself."""
GENERATOR = "Potline"

_SHORT = 18
_SIZE = re.compile(r'(<svg [^>]*?)\swidth="([\d.]+)"\sheight="([\d.]+)"')


def page(document: Document) -> str:
    """Return the whole file, without control characters and with a policy that lets a browser run and fetch nothing."""
    sections = [(f"s{number}", f"{number} {one.title}", one) for number, one in enumerate(document.sections, 1)]
    body = "\n".join(
        [
            _first_page(document.first),
            _contents(sections),
            *(
                f'<section id="{place}">\n<details><summary><h2>{escape(title)}</h2></summary>\n'
                f"{inside(one.blocks)}\n</details></section>"
                for place, title, one in sections
            ),
            f"<footer>{'<br>'.join(map(escape, document.foot))}</footer>",
        ]
    )
    han = han_face() if document.language.startswith(Language.CHINESE) else ""
    return cleaned(
        f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f'<meta name="generator" content="{GENERATOR}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>\n{font_face()}{STYLE}\n{han}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def inside(blocks: Blocks) -> str:
    """Return blocks one below the other.

    Examples:
        >>> from potline.report.blocks import heading, paragraph
        >>> inside(heading("What happened") + paragraph("Price < cost", "note"))
        '<h3>What happened</h3>\\n<p class="note">Price &lt; cost</p>'
    """
    return "\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(text=text, kind=kind):
            return _paragraph(text, kind)
        case Heading(text=text, place=place):
            return f"<h3{_named(place)}>{escape(text)}</h3>"
        case Bullets(lines=lines):
            return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"
        case Picture():
            return _picture(block)
        case Grid():
            return _grid(block)
        case Fold(summary=summary, blocks=blocks):
            return f"<details><summary>{escape(summary)}</summary>\n{inside(blocks)}\n</details>"


def _paragraph(text: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{escape(text)}</p>" if text else ""


def _named(place: str) -> str:
    return f' id="{place}"' if place else ""


def _first_page(first: FirstPage) -> str:
    """Return what a reader of one page reads: the answer, what it hangs on, three figures, what the data are worth."""
    head = first.head
    lines = "".join(f"<dt>{escape(title)}</dt><dd>{escape(sentence)}</dd>" for title, sentence in first.told)
    return "\n".join(
        [
            f"<h1>{escape(head.title)}</h1>",
            f'<p class="under">{escape(first.under)}</p>',
            f'<p class="verdict {head.kind}"><strong>{escape(head.word)}</strong> {escape(head.sentence)}</p>'
            if head.word
            else "",
            _paragraph(first.failed, "verdict no"),
            _paragraph(head.note, "hangs"),
            f'<div class="front">{"".join(map(_block, first.front))}</div>',
            f'<dl class="told">{lines}</dl>' if lines else "",
            _paragraph(first.note, "note"),
        ]
    )


def _contents(sections: Sequence[tuple[str, str, Section]]) -> str:
    """Return the table of contents: each section (place, title, what it is) with the headings inside it."""
    lines = [
        f'<li><a href="#{place}">{escape(title)}</a>'
        + "".join(f' <a href="#{one.place}">{escape(one.text)}</a>' for one in subheadings(section.blocks))
        + "</li>"
        for place, title, section in sections
    ]
    return f"<nav><ul>{''.join(lines)}</ul></nav>"


def _picture(block: Picture) -> str:
    """Return a figure inline with the sentence it supports and its source."""
    svg_text = block.drawing.replace(' xmlns="http://www.w3.org/2000/svg"', "").replace(
        ' xmlns:xlink="http://www.w3.org/1999/xlink"', ""
    )
    scaled = _SIZE.sub(lambda match: f'{match[1]} style="max-width:{float(match[2]):.0f}px"', svg_text, count=1)
    source = "" if block.sourced else f'<span class="source">{escape(block.source)}</span>'
    caption = f"{'' if block.said else escape(block.sentence)}{source}"
    return (
        f'<figure id="figure-{escape(block.name)}">\n<div class="draw">{scaled}</div>\n'
        + (f"<figcaption>{caption}</figcaption>\n" if caption else "")
        + "</figure>"
    )


def _grid(block: Grid) -> str:
    """Return a table; numbers right-aligned."""
    head = "".join(
        f"<th{' class=n' if right else ''}>{escape(text)}</th>"
        for text, right in zip(block.headings, block.numeric, strict=True)
    )
    lines = "\n".join(
        "<tr>" + "".join(_cell(text, right) for text, right in zip(row, block.numeric, strict=True)) + "</tr>"
        for row in block.rows
    )
    above = f"<caption>{escape(block.title)}</caption>" if block.title else ""
    return (
        f'<div class="scroll"><table>{above}<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>'
        + _paragraph(block.note, "note")
    )


def _cell(text: str, right: bool) -> str:
    kind = " class=n" if right else " class=w" if len(text) <= _SHORT else ""
    return f"<td{kind}>{escape(text)}</td>"
