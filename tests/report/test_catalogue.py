"""Every sentence stands in the catalogue of its language: none in the code, none twice, none unsaid."""

from __future__ import annotations

import ast
import dataclasses
import pathlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from potline.answers import Answers
from potline.choices import Institution
from potline.questions import costs, listed, market, meeting, record, remedy, state, stops
from potline.report.briefing import brief_document
from potline.report.catalogue import english, has, speaking, template
from potline.report.contents import checks_of, each_figure, tables_of
from potline.report.html import page as html_page
from potline.report.listed import asked
from potline.report.manifest import run_id
from potline.report.saying import each_line, filled, say
from potline.report.spoken import Spoken
from potline.report.table import Table, cell_shown

SOURCE = pathlib.Path(__file__).resolve().parents[2] / "src" / "potline"
ENGLISH = SOURCE / "report" / "sentences" / "en"
ROOMS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(ENGLISH.glob("*.toml"))}
FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
BY_KIND = ("names", "nouns", "numbers", "chapters", "checks", "meanings", "reasons")
"""Rooms whose keys are put together from a kind and a name."""


def spoken_modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("report", "questions"):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def said_in(tree: ast.Module) -> Iterator[tuple[ast.Call, list[str]]]:
    """Each call of ``say`` and the keys that it names; those made of parts are left out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "each_line"):
            yield node, [end.value for end in ends_of(node.args[0]) if isinstance(end, ast.Constant)]


def ends_of(key: ast.expr) -> list[ast.expr]:
    """What an expression may come to, by its conditions."""
    return [*ends_of(key.body), *ends_of(key.orelse)] if isinstance(key, ast.IfExp) else [key]


PHRASE = re.compile(r"[a-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+ [a-z]{2,}")
REFUSALS = ("Problem", "InputError", "ValueError", "TypeError", "AttributeError", "NotDrawn", "RuntimeError")
OUTSIDE = {
    "questions/__init__.py": "what each question asks, read by --help and the README",
    "questions/commands.py": "help of the command line, read at import",
    "questions/market.py": "what a refused option needs",
    "report/folder.py": "refusals of a place to write to",
    "report/forms.py": "what a refused place holds",
    "report/paper.py": "a brief that cannot be set",
    "report/renderer.py": "failures of the process that draws",
    "report/running.py": "what the progress bar says",
}
"""Modules that still hold sentences, and which; the list is exact, so it only shrinks."""
NO_SENTENCE = (
    "report/html.py",  # styles, the policy header and markup
    "report/theme.py",  # names of fonts
    "report/places.py",  # names of provinces
    "questions/pages.py",  # marks in Markdown
)


def phrases(tree: ast.Module) -> list[str]:
    """Strings of two words or more in code, refusals, comparisons, keys, markup and titles of chapters apart."""
    apart: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            apart |= {id(inside) for inside in ast.walk(node)} if name in REFUSALS else set()
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            names = [getattr(name, "id", "") for name in ast.walk(node) if isinstance(name, ast.Name)]
            apart |= (
                {id(inside) for inside in ast.walk(node.value)} if {"found", "needed", "hint"} & {*names} else set()
            )
        if isinstance(node, ast.Compare | ast.Subscript):
            apart |= {id(inside) for inside in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            apart.add(id(node.value))
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    words = [node.value for node in strings if id(node) not in apart and PHRASE.search(node.value)]
    codes = {name for kind in ROOMS["names"].values() for name in kind} | {*ROOMS["chapters"], *ROOMS["record"]["rest"]}
    return [text for text in words if text not in codes | {*ROOMS["chain"]["among_places"]} and "<" not in text]


def forms(found: str | Mapping[str, str]) -> Sequence[str]:
    return [found] if isinstance(found, str) else list(found.values())


def test_every_key_that_is_said_stands_in_english_and_its_fields_are_named() -> None:
    wrong: list[str] = []
    for path, tree in spoken_modules():
        for call, keys in said_in(tree):
            named = {word.arg for word in call.keywords}
            for key in keys:
                if not has(key):
                    wrong.append(f"{path}: {key} is not there")
                    continue
                room, name = key.split(".", 1)
                found = ROOMS[room][name] if name in ROOMS[room] else template(key)
                lines = found if isinstance(found, list) else forms(found)
                asked = {field for line in lines for field, _ in FIELD.findall(line)}
                money = any(how in ("money", "money_m") for line in lines for _, how in FIELD.findall(line))
                if not asked <= named or (money and "currency" not in named):
                    wrong.append(f"{path}: {key} has {sorted(asked - named)} that nobody names")
                if len(keys) == 1 and not named <= asked | {"count", "currency"}:
                    wrong.append(f"{path}: {key} has no field {sorted(named - asked)}")
    assert not wrong


def test_every_sentence_of_the_catalogue_is_said() -> None:
    text = "".join((SOURCE / path).read_text(encoding="utf-8") for path, _ in spoken_modules()).replace("'", '"')
    unsaid = [
        f"{room}.{name}"
        for room, found in ROOMS.items()
        if room not in BY_KIND
        for name, content in found.items()
        if f'"{room}.{name}"' not in text and not (isinstance(content, dict) and f'"{room}.{name}.' in text)
        and f'"{room}.{name}.{{' not in text
    ]  # fmt: skip
    assert not unsaid


def test_no_template_holds_what_only_code_knows() -> None:
    for room, found in ROOMS.items():
        for line in every_line(found):
            assert "<" not in line, f"{room}: markup in {line!r}"
            assert line == line.strip() or room in ("numbers", "inputs", "obstacles"), f"{room}: a blank ends {line!r}"
            assert all(re.fullmatch(r"[\w., ]*", how) for _, how in FIELD.findall(line)), line


def every_line(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for content in found.values():
            yield from every_line(content)
    else:
        for content in found:
            yield from every_line(content)


def test_the_modules_that_still_hold_sentences_are_listed() -> None:
    found = {path: phrases(tree) for path, tree in spoken_modules() if path not in NO_SENTENCE}
    holding = {path: words for path, words in found.items() if words}
    assert holding.keys() == OUTSIDE.keys(), {path: holding.get(path) for path in holding.keys() ^ OUTSIDE.keys()}


def mechanical(found: Any) -> Any:
    """Every letter of a template but its fields made one that no Latin word has, between brackets."""
    if isinstance(found, str):
        parts = re.split(r"(\{[^{}]*\})", found)
        return "⟦" + "".join(part if part.startswith("{") else re.sub(r"[A-Za-z]", "ж", part) for part in parts) + "⟧"
    if isinstance(found, Mapping):
        return {name: mechanical(content) for name, content in found.items()}
    return [mechanical(content) for content in found]


def test_a_second_catalogue_is_spoken_within_and_english_again_after() -> None:
    with speaking(lambda room: mechanical(english(room))):
        assert (
            say("costs.at_this_price_would_stop", below=535.0)
            == "⟦жж жжжж жжжжж ⟦⟦535 жж/жжжж⟧ жж жжжжжжж жжжжж⟧ жжжжж жжжж.⟧"
        )
        assert each_line("numbers.months")[0] == "⟦жжжжжжж⟧"
    assert (
        say("costs.at_this_price_would_stop", below=535.0) == "At this price 535 kt/year of running lines would stop."
    )


def test_a_language_without_a_singular_gives_one_form() -> None:
    with speaking(lambda _: {"plant": {"other": "{n} 家厂"}}):
        assert [filled("{plants:nouns.plant}", {"plants": count}) for count in (0, 1, 12)] == [
            "0 家厂",
            "1 家厂",
            "12 家厂",
        ]


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody_says_this"):
        say("costs.nobody_says_this")
    with pytest.raises(KeyError, match="below"):
        say("costs.at_this_price_would_stop")


class Page(HTMLParser):
    """The words of a page outside styles and drawings."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.words = 0, list[str]()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        del attrs
        self.hidden += tag in ("style", "script", "svg")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script", "svg")

    def handle_data(self, data: str) -> None:
        if not self.hidden and data.strip():
            self.words.append(" ".join(data.split()))


def page_words(html: str) -> list[str]:
    page = Page()
    page.feed(html)
    return page.words


def spec_words(spec: Any, name: str = "") -> Iterator[str]:
    """What a drawing shows: titles of axes, legends and panels, and words beside marks."""
    if isinstance(spec, str) and name in ("title", "subtitle", "text", "group", "step", "kind"):
        if not re.fullmatch(r"\w+:[NQOT]", spec):
            yield spec
    elif isinstance(spec, Mapping):
        for key, inside in spec.items():
            yield from spec_words(inside, name if key in ("text", "subtitle") and name == "title" else key)
    elif isinstance(spec, list | tuple):
        for inside in spec:
            yield from spec_words(inside, name)


def words_of(table: Table) -> list[str]:
    """The title, the note, the headings and the words in the cells of a table."""
    cells = [
        cell_shown(cell, column)
        for row in table.rows
        for cell, column in zip(row, table.columns, strict=True)
        if isinstance(cell, str)
    ]
    return [table.title, table.note, *(column.heading for column in table.columns), *dict.fromkeys(cells)]


def faces(answers: Answers) -> dict[str, list[str]]:
    """What the faces show of a case, by face."""
    questions = listed()
    tables, figures = tables_of(answers, questions), list(each_figure(answers, questions))
    drawn = {item.name: "<svg/>" for item in figures}
    checks = checks_of(answers, questions)
    document = brief_document(answers, questions, figures=figures, drawn=drawn, tables=tables, checks=checks)
    page = html_page(document)
    spoken = Spoken(answers, asked(questions, answers), lambda _: None)
    for item in asked(questions, answers):
        spoken.after(item)
    told = [
        costs.ask(answers, price=None, measure="cash", gross=False),
        stops.ask(answers),
        state.ask(answers),
        *(
            market.ask(answers, concept=concept, members=(), theta=None, idle_below=None, cost=cost, in_space=None)
            for concept, cost in (("competitive", None), ("cournot", "cash"), ("conjectural", "stopping"))
        ),
        meeting.ask(
            answers, rule=None, tonnage_kt=60.0, idle_below=None, everyone=False, leaving=None,
            institutions=(Institution.TRANSFERS,), look_ahead=True, plane=None, one_at_a_time=True, trigger=12_500.0,
            window=2.0,
        ),
        record.ask(answers),
        remedy.ask(answers, rule=None, every=True, premium=None),
    ]  # fmt: skip
    return {
        "tables": [text for table in tables for text in words_of(table)],
        "figures": [text for item in figures for text in (item.title, item.sentence, item.source, item.units)],
        "drawings": [text for item in figures for text in spec_words(item.chart_spec)],
        "brief": page_words(page),
        "run": list(spoken.closed(checks)),
        "terminal": [text for said in told for text in said.sentences],
        "terminal tables": [text for said in told for table in said.tables for text in words_of(table)],
    }


def texts_in(content: Any, seen: set[int]) -> Iterator[str]:
    """Every text that a case holds."""
    if isinstance(content, str):
        yield str(content)
    elif id(content) not in seen:
        seen.add(id(content))
        if isinstance(content, Mapping):
            content = [*content.keys(), *content.values()]
        elif dataclasses.is_dataclass(content):
            content = [getattr(content, field.name, None) for field in dataclasses.fields(content)]
        for inside in content if isinstance(content, list | tuple) else ():
            yield from texts_in(inside, seen)


SYMBOLS = {"kt", "Mt", "t", "bn", "m", "kWh", "USD", "FOB", "VAT", "year", "years", "months", "month", "share", "inf"}
"""Units, as files write them."""


def left_over(said: Mapping[str, Sequence[str]], apart: set[str]) -> dict[str, list[str]]:
    """The Latin words of each face, what stands ``apart`` and symbols taken out."""
    long = sorted((text for text in apart if re.search("[A-Za-z]{3}", text)), key=len, reverse=True)
    found: dict[str, list[str]] = {}
    for face, texts in said.items():
        whole = "\n".join(dict.fromkeys(texts))
        for text in long:
            if text in whole:
                whole = re.sub(rf"(?<![A-Za-z]){re.escape(text)}(?![A-Za-z])", "·", whole)
        words = [word for word in re.findall(r"[A-Za-z]{3,}", whole) if word not in SYMBOLS]
        found[face] = list(dict.fromkeys(words))
    return {face: words for face, words in found.items() if words}


def test_by_a_mechanical_catalogue_no_face_says_a_word_of_english(answers: Answers) -> None:
    """But names and words of the case, units, and the name of the program."""
    case = answers.case
    apart = {*texts_in(case, set()), "potline", case.currency}
    apart |= {
        name.replace("_", " ")
        for name in (*apart, *(item.name for item in listed()), case.digest[:12], run_id(case, answers.settings))
    }
    apart |= {text.capitalize() for text in apart}
    with speaking(lambda room: mechanical(english(room))):
        said = faces(answers)
    assert all("⟦" in "".join(texts) for texts in said.values())
    assert left_over(said, apart) == {}
    assert "losing" in " ".join(left_over({"run": ["⟦жж⟧ 12 losing owners"]}, apart)["run"])
