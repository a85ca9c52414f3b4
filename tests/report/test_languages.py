"""Each language says all that English says, with the same numbers, in letters that the fonts of the package hold."""

from __future__ import annotations

import json
import re
import struct
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.questions.toy import TOY
from tests.report.test_catalogue import ENGLISH, FIELD, ROOMS, every_line, faces, left_over, texts_in

from potline.answers import Answers
from potline.cases import Case
from potline.cases.cells import is_table
from potline.choices import Language
from potline.cli import command
from potline.errors import InputError
from potline.questions import QUESTIONS, listed, register, unregister
from potline.questions.verbs import brief, rerun, run
from potline.report import fonts
from potline.report.catalogue import english, in_language, speaking
from potline.report.contents import each_figure, tables_of
from potline.report.listed import asked
from potline.report.manifest import run_id
from potline.report.running import RunResult
from potline.report.saying import say
from potline.report.spoken import Spoken
from potline.report.words import listing, month_words, set_text, unit_words
from potline.text import wrapped

SENTENCES = ENGLISH.parent
OTHERS = [language for language in Language if language != Language.ENGLISH]
FORMS = {"zero", "one", "other"}
OWN = {"questions"}
"""Rooms of other languages alone: English says these words in code."""
NAMES = {
    "Anti", "CASE", "CSV", "GB", "MB", "NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "PNG", "Potline", "Python", "SVG",
    "Sobol", "TMPDIR", "case", "check", "claims", "csv", "delta", "factors", "gamma", "governments", "json", "magazine",
    "plants", "potline", "pv", "record", "results", "toml", "window",
}  # fmt: skip
"""Latin words that Chinese sentences hold: names of programs, files, tables and units."""


def rooms(language: Language) -> dict[str, Mapping[str, Any]]:
    found = sorted((SENTENCES / language).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in found}


def apart(usual: Mapping[str, Any], own: Mapping[str, Any], place: str) -> Iterator[str]:
    """Where templates differ from the English ones in keys, in form or in the fields that they hold."""
    for name in usual.keys() - own.keys() if place == "numbers.unit" else usual.keys() ^ own.keys():
        yield f"{place}.{name} stands in one of the two"
    for name in usual.keys() & own.keys():
        first, second, here = usual[name], own[name], f"{place}.{name}"
        if here == "numbers.setting":
            continue
        if is_table(first) and is_table(second) and not first.keys() <= FORMS:
            yield from apart(first, second, here)
            continue
        if type(first) is not type(second) or is_longer(first, second):
            yield f"{here} is of another form"
        if is_table(second) and ("other" not in second or not second.keys() <= FORMS):
            yield f"{here} has other forms than {sorted(FORMS)}"
        fields = fields_of(first) ^ fields_of(second)
        if fields:
            yield f"{here} differs in the fields {sorted(fields)}"


def is_longer(first: Any, second: Any) -> bool:
    """Whether two lists differ in their number of lines."""
    return isinstance(first, list) and len([*every_line(first)]) != len([*every_line(second)])


def fields_of(found: Any) -> set[tuple[str, str]]:
    return {field for line in every_line(found) for field in FIELD.findall(line)}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_holds_every_key_and_field_of_english_and_no_other(language: Language) -> None:
    own = rooms(language)
    assert own.keys() - OWN == ROOMS.keys()
    assert not [line for room in ROOMS for line in apart(ROOMS[room], own[room], room)]
    assert own["questions"].keys() == {item.name for item in QUESTIONS}


def test_what_a_language_lacks_is_found() -> None:
    usual = {"a": "{x:tonnes} of {y}", "b": {"one": "1", "other": "{n}"}, "c": {"d": "e"}, "f": ["g", "h"]}
    own = {"a": "{x:amount}", "b": {"other": "{n}", "two": ""}, "c": {"i": "e"}, "f": ["g"]}
    assert sorted(apart(usual, own, "room")) == [
        "room.a differs in the fields [('x', 'amount'), ('x', 'tonnes'), ('y', '')]",
        "room.b has other forms than ['one', 'other', 'zero']",
        "room.c.d stands in one of the two",
        "room.c.i stands in one of the two",
        "room.f is of another form",
    ]
    assert not list(apart(usual, usual, "room"))


def test_no_english_sentence_is_left_in_chinese() -> None:
    for room, found in rooms(Language.CHINESE).items():
        for line in every_line({name: content for name, content in found.items() if name != "setting"}):
            bare = re.sub(r"\{[^{}]*\}|`+[^`]*`+", "·", line)
            words = set(re.findall(r"[A-Za-z_]{2,}", bare)) - NAMES
            allowed = {"zh", "Hans"} if room == "page" else set[str]()
            assert not words - allowed, f"{room}: {sorted(words - allowed)} in {line!r}"


def letters_of(font: Path) -> set[int]:
    """The code points of a TrueType font, from the segments of its character map (format 4)."""
    data = font.read_bytes()
    tables = {data[at : at + 4]: struct.unpack(">II", data[at + 8 : at + 16]) for at in range(12, 12 + 16 * 40, 16)}
    start = tables[b"cmap"][0]
    count = struct.unpack(">H", data[start + 2 : start + 4])[0]
    found: set[int] = set()
    for place in range(count):
        begin = start + struct.unpack(">I", data[start + 8 + 8 * place : start + 12 + 8 * place])[0]
        form, _, _, twice = struct.unpack(">HHHH", data[begin : begin + 8])
        if form == 4:
            ends, starts = (
                struct.unpack(f">{twice // 2}H", data[at : at + twice]) for at in (begin + 14, begin + 16 + twice)
            )
            found |= {letter for low, high in zip(starts, ends, strict=True) for letter in range(low, high + 1)}
    return found - {0xFFFF}


@pytest.mark.parametrize("language", OTHERS)
def test_every_letter_of_a_language_stands_in_the_fonts(language: Language) -> None:
    held = letters_of(fonts.folder() / "potline-han.ttf") | letters_of(fonts.folder() / "potline-sans-regular.ttf")
    assert ord("铝") in held
    assert ord("Ж") not in letters_of(fonts.folder() / "potline-sans-regular.ttf")
    for path in (SENTENCES / language).glob("*.toml"):
        missing = {letter for letter in path.read_text(encoding="utf-8") if ord(letter) not in held} - {"\n"}
        assert not missing, f"{path.name}: {sorted(missing)}"


def test_a_key_that_a_language_lacks_is_said_in_english() -> None:
    catalogue = in_language(Language.CHINESE)
    assert catalogue("numbers")["yes"] == "是"
    assert catalogue("nouns")["plant"] == {"zero": "没有工厂", "other": "{n}家工厂"}
    assert catalogue("no_such_room") == english("no_such_room") == {}


def test_numbers_dates_and_lists_are_set_as_in_chinese() -> None:
    with speaking(Language.CHINESE):
        assert month_words("2013-04-10") == "2013年4月10日"
        assert month_words("2013-04") == "2013年4月"
        assert listing(["中铝", "中电投", "信发"]) == "中铝、中电投和信发"
        assert unit_words("m CNY/year") == "百万元/年"
        assert unit_words("CNY/t incl. VAT") == "元/吨含增值税"
        assert say("state.runs_not_explained", kt=535.0, per_t=1250.0, currency="CNY").startswith("535千吨/年的产能")
    assert month_words("2013-04-10") == "10 April 2013"
    assert unit_words("m CNY/year") == "m CNY/year"


def test_what_code_puts_side_by_side_has_no_blank_in_chinese() -> None:
    texts = ("达不成协议。 最佳组合", "Henan (535千吨/年)", "为30%; 若协议作废", "结束.", "34 % 的", "A and (b) C")
    with speaking(Language.CHINESE):
        assert [set_text(text) for text in texts] == [
            "达不成协议。最佳组合",
            "Henan（535千吨/年）",
            "为30%；若协议作废",
            "结束。",
            "34 %的",
            "A and (b) C",
        ]
    assert tuple(map(set_text, texts)) == texts


def test_lines_end_between_chinese_letters_and_a_mark_stays_with_its_word() -> None:
    assert wrapped("来源：案例，2013年4月", 12) == ["来源：案例，", "2013年4月"]
    assert wrapped("plants and prices", 11) == ["plants and", "prices"]
    assert "".join(wrapped("工厂和价格见plants表和claims表" * 9, 40)) == "工厂和价格见plants表和claims表" * 9


def test_no_face_says_a_word_of_english_in_chinese(answers: Answers) -> None:
    """But names and words of the case, what each warning says, and names of files."""
    case = answers.case
    held = {*texts_in(case, set()), *NAMES, case.currency, "potline meeting CASE --look-ahead"}
    held |= {
        name.replace("_", " ")
        for name in (*held, *(item.name for item in listed()), case.digest[:12], run_id(case, answers.settings))
    }
    held |= {text.capitalize() for text in held}
    with speaking(Language.CHINESE):
        said = faces(answers)
    assert left_over(said, held) == {}


FIGURES = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def numbers_in(texts: list[str]) -> list[str]:
    """The numbers of sentences but 0 and 1 and months with their years, which are words in one of the languages."""
    months = rf"(?:{'|'.join(english('numbers')['months'])}) \d{{4}}|\d{{4}}年\d+月"
    return sorted(found for found in FIGURES.findall(re.sub(months, "", "\n".join(texts))) if found not in ("0", "1"))


def test_both_languages_say_the_same_numbers(answers: Answers) -> None:
    def said() -> tuple[list[list[str]], list[list[Any]]]:
        questions = listed()
        spoken = Spoken(answers, asked(questions, answers), lambda _: None)
        for item in asked(questions, answers):
            spoken.after(item)
        sentences = [[item.sentence] for item in each_figure(answers, questions)]
        rows = [[cell for row in table.rows for cell in row if not isinstance(cell, str)]
                for table in tables_of(answers, questions)]  # fmt: skip
        return [spoken.lines, *sentences], rows

    first = said()
    with speaking(Language.CHINESE):
        second = said()
    assert repr(first[1]) == repr(second[1])
    assert [numbers_in(texts) for texts in first[0]] == [numbers_in(texts) for texts in second[0]]


@pytest.fixture(scope="module")
def chinese(starter: Case, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    return run(starter, draws=8, language="zh", out=tmp_path_factory.mktemp("runs") / "first")  # pyright: ignore[reportArgumentType]


def test_a_run_in_chinese_has_the_columns_and_keys_of_one_in_english(chinese: RunResult, finished: RunResult) -> None:
    def heads(folder: Path) -> dict[str, str]:
        return {path.name: path.read_text(encoding="utf-8-sig").partition("\n")[0] for path in folder.glob("tables/*")}

    assert heads(chinese.folder) == heads(finished.folder)
    first, second = (json.loads((one.folder / "results.json").read_text("utf-8")) for one in (finished, chinese))
    assert first.keys() == second.keys()
    assert first["headline"] == second["headline"]
    assert first["settings"] == second["settings"]
    assert (finished.manifest["language"], chinese.manifest["language"]) == ("en", "zh")
    page = chinese.brief.read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in page
    assert page.count('<a href="#') == len(set(re.findall('<a href="(#[^"]+)"', page)))
    assert set(re.findall('<a href="#([^"]+)"', page)) <= set(re.findall(' id="([^"]+)"', page))


def test_a_chinese_page_carries_its_font_and_an_english_one_does_not(chinese: RunResult, page: str) -> None:
    font = '@font-face{font-family:"Potline Han";src:url(data:font/woff2;base64,'
    assert chinese.brief.read_text(encoding="utf-8").count(font) == 1
    assert font not in page
    assert (fonts.folder() / "potline-han.woff2").read_bytes().startswith(b"wOF2")


def test_english_units_are_as_files_have_them_and_nothing_is_set_otherwise() -> None:
    assert ROOMS["numbers"]["setting"] == []
    assert all(name == word for name, word in ROOMS["numbers"]["unit"].items())


def test_what_threads_and_other_processes_write_is_chinese_too(chinese: RunResult) -> None:
    drawn = [path.read_text(encoding="utf-8") for path in chinese.folder.glob("figures/*.svg")]
    assert drawn
    assert all(re.search(r">来源：[^<]+</text>", text) for text in drawn)
    assert not any("Source:" in text for text in drawn)


def test_a_run_again_keeps_its_language(chinese: RunResult, tmp_path: Path) -> None:
    again = rerun(chinese.folder, out=tmp_path / "again")
    assert again.changed == ()
    assert again.manifest == chinese.manifest
    assert again.brief.read_bytes() == chinese.brief.read_bytes()


def test_a_manifest_that_names_no_known_language_is_refused(finished: RunResult, tmp_path: Path) -> None:
    copied = tmp_path / "manifest.json"
    copied.write_text(json.dumps({**finished.manifest, "language": "fr"}), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        rerun(copied)
    assert str(refused.value) == "Language: found 'fr'; needed 'en' or 'zh'."


def test_a_language_is_chosen_on_the_command_line_by_its_word() -> None:
    case = "china-aluminium-2013"
    told = CliRunner().invoke(command, ["costs", case, "--language", "zh"])
    assert told.exit_code == 0, told.output
    assert "收不回" in told.output
    again = CliRunner().invoke(command, ["costs", case, "--quiet"])
    assert "do not cover cash cost" in again.output
    wrong = CliRunner().invoke(command, ["costs", case, "--language", "fr"])
    assert wrong.exit_code == 2
    assert "Invalid value for '--language': 'fr' is not one of 'en', 'zh'." in wrong.output
    assert "[en|zh]" in CliRunner().invoke(command, ["run", "--help"]).output


def test_a_question_from_outside_without_chinese_speaks_its_own_words(starter: Case) -> None:
    register(TOY)
    try:
        page = brief(starter, draws=0, language=Language.CHINESE).html
    finally:
        unregister(TOY.name)
    assert "owns most plants." in page
    assert "Plants by owner" in page
    assert "亏损" in page
