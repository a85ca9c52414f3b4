"""The list of questions: what can be asked of a case, in the order in which a brief tells it.

A line says what is asked and when; the question itself, with its tables, figures and sentences, is loaded when it is
first looked at. The faces get the list as an argument. A package of somebody else's adds to it with :func:`register`,
or by an entry point of the group ``potline.questions`` that names a :class:`~potline.report.listed.Listed`.
"""

from __future__ import annotations

__all__ = ["QUESTIONS", "listed", "register", "unregister"]

import os
import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from potline.report.listed import Listed, always

if TYPE_CHECKING:
    from potline.answers import Answers


def _has_process(answers: Answers) -> bool:
    return answers.case.industry.process is not None


def _has_input_market(answers: Answers) -> bool:
    return answers.case.industry.input_market is not None


def _has_routes(answers: Answers) -> bool:
    market = answers.case.industry.input_market
    return market is not None and bool(market.routes)


QUESTIONS: tuple[Listed, ...] = (
    Listed(
        name="costs",
        about="who loses money, and how much?",
        home="potline.questions.costs:COSTS",
        verb="cost_curve",
        page="theory/costs.md",
        command="potline.questions.commands:COSTS",
        results=("CostCurve",),
    ),
    Listed(
        name="stops",
        about="at which price does each plant really stop, and restart?",
        home="potline.questions.stops:STOPS",
        asks=_has_process,
        verb="stopping_prices",
        page="theory/stopping.md",
        command="potline.questions.commands:STOPS",
        results=("StoppingPrices", "PriceEstimate"),
    ),
    Listed(
        name="largest_deal",
        about="how large a cut would hold?",
        home="potline.questions.largest_deal:LARGEST_DEAL",
        asks=lambda answers: answers.holds,
        verb="tonnages_that_hold",
        page="theory/meeting.md",
        told_by="meeting",
        results=("TonnagesThatHold", "TonnageShare"),
    ),
    Listed(
        name="alone",
        about="what would the largest owners do without a deal?",
        home="potline.questions.alone:ALONE",
        asks=lambda answers: answers.holds,
        verb="unilateral_cuts",
        page="theory/meeting.md",
        command="potline.questions.commands:ALONE",
        results=("UnilateralCuts",),
    ),
    Listed(
        name="state",
        about="do lines run and stand idle where their prices have them?",
        home="potline.questions.state:STATE",
        asks=lambda answers: answers.priced,
        verb="state",
        page="theory/state.md",
        command="potline.questions.commands:STATE",
        results=("ObservedState",),
    ),
    Listed(
        name="meeting",
        about="will those at the table agree a joint cut?",
        home="potline.questions.meeting:MEETING",
        asks=lambda answers: answers.meets,
        verb="meeting",
        page="theory/meeting.md",
        command="potline.questions.commands:MEETING",
        results=("MeetingResult", "AgreementShare"),
    ),
    Listed(
        name="window",
        about="at which price, and in which month, would how large a cut hold?",
        home="potline.questions.window:WINDOW",
        asks=lambda answers: answers.windowed,
        verb="tonnages_by_price",
        page="theory/meeting.md",
        command="potline.questions.commands:WINDOW",
        results=("TonnageWindow",),
    ),
    Listed(
        name="at_table",
        about="how large a cut would hold had others come?",
        home="potline.questions.at_table:AT_TABLE",
        asks=lambda answers: bool(answers.other_tables),
        verb="tonnage_bounds",
        page="theory/meeting.md",
        told_by="meeting",
        results=("TonnageBounds",),
    ),
    Listed(
        name="institutions",
        about="would another institution bring a cut about?",
        home="potline.questions.deal:INSTITUTIONS",
        asks=lambda answers: answers.meets,
        verb="compare_institutions",
        page="theory/remedy.md",
        told_by="meeting",
        results=("Convened", "InstitutionShare", "Proposed"),
    ),
    Listed(
        name="over_time",
        about="would a deal be kept over time?",
        home="potline.questions.deal:OVER_TIME",
        asks=lambda answers: answers.divides,
        verb="enforcement_over_time",
        page="theory/enforcement.md",
        told_by="meeting",
        results=("OverTime", "Enforcement", "IncentiveTable", "NoisyCollusion", "DealPayoffs"),
    ),
    Listed(
        name="division",
        about="how would a deal's gain be divided?",
        home="potline.questions.deal:DIVISION",
        asks=lambda answers: answers.divides,
        verb="divide_meeting",
        page="theory/division.md",
        told_by="meeting",
        results=("MeetingDivision", "Division", "Core", "Nucleolus", "Bargain"),
    ),
    Listed(
        name="market",
        about="what price and output does the market come to without a deal?",
        home="potline.questions.market:MARKET",
        asks=_has_process,
        verb="solve",
        page="theory/market.md",
        command="potline.questions.commands:MARKET",
        said_unasked=True,
        results=("NoDealMarket", "MarketEquilibrium", "LinesEquilibrium"),
    ),
    Listed(
        name="policies",
        about="what does each subsidy do?",
        home="potline.questions.policies:POLICIES",
        verb="stopping_prices",
        page="theory/stopping.md",
    ),
    Listed(
        name="input_market",
        about="what does the shared input cost, and do imports pay?",
        home="potline.questions.input_market:INPUT_MARKET",
        asks=_has_input_market,
        verb="solve_input_market",
        page="theory/input-market.md",
        told_by="market",
        said_unasked=True,
        results=("InputMarketResult", "InputImports"),
    ),
    Listed(
        name="chain",
        about="where does the input come from, and what does ore or freight change?",
        home="potline.questions.chain:CHAIN",
        asks=_has_routes,
        verb="chain",
        page="theory/network.md",
        told_by="market",
        results=("ChainResult", "ChainRelief"),
    ),
    Listed(
        name="documented",
        about="would the model have stopped the lines that did stop?",
        home="potline.questions.documented:DOCUMENTED",
        asks=lambda answers: bool(answers.case.documented_stops) and _has_process(answers),
        verb="documented_stops",
        page="theory/stopping.md",
        command="potline.questions.commands:DOCUMENTED",
        results=("DocumentedStops",),
    ),
    Listed(
        name="hindcast",
        about="what did happen?",
        home="potline.questions.record:HINDCAST",
        asks=lambda answers: answers.case.outcome is not None and answers.meets,
        verb="hindcast",
        page="cases/four-meetings.md",
        told_by="record",
        results=("Hindcast",),
    ),
    Listed(
        name="record",
        about="how do published numbers and the model compare?",
        home="potline.questions.record:RECORD",
        verb="record",
        page="how-to/read-the-brief.md",
        command="potline.questions.commands:RECORD",
        results=("Record",),
    ),
    Listed(
        name="tonnage_obstacles",
        about="which obstacles stand in the way of a larger cut?",
        home="potline.questions.obstacles:TONNAGE_OBSTACLES",
        asks=lambda answers: answers.ranged and answers.holds,
        verb="tonnage_attribution",
        page="theory/meeting.md",
        told_by="meeting",
        results=("TonnageAttribution",),
    ),
    Listed(
        name="obstacles",
        about="which obstacles stand in the way of a cut?",
        home="potline.questions.obstacles:OBSTACLES",
        asks=lambda answers: answers.meets,
        verb="attribution",
        page="theory/meeting.md",
        told_by="meeting",
        results=("Attribution",),
    ),
    Listed(
        name="remedy",
        about="what would it take?",
        home="potline.questions.remedy:REMEDY",
        asks=lambda answers: answers.divides,
        verb="remedy",
        page="theory/remedy.md",
        command="potline.questions.commands:REMEDY",
        results=("Remedy",),
    ),
    Listed(
        name="tonnages",
        about="would a smaller cut or another rule do?",
        home="potline.questions.obstacles:TONNAGES",
        asks=lambda answers: answers.meets,
        verb="meeting",
        page="theory/meeting.md",
        told_by="meeting",
    ),
    Listed(
        name="triggers",
        about="at which price would a cut that waits for it hold?",
        home="potline.questions.inputs:TRIGGERS",
        asks=lambda answers: answers.ranged,
        verb="trigger_range",
        page="theory/meeting.md",
        told_by="meeting",
        results=("TriggerRange",),
    ),
    Listed(
        name="tonnage_tornado",
        about="which inputs decide how large a cut would hold?",
        home="potline.questions.inputs:TONNAGE_TORNADO",
        asks=lambda answers: answers.ranged and answers.holds,
        verb="tonnage_tornado",
        page="theory/meeting.md",
        told_by="meeting",
        results=("TonnageTornado", "TonnageSensitivity"),
    ),
    Listed(
        name="tornado",
        about="which inputs decide the margin at the tonnage asked for?",
        home="potline.questions.inputs:TORNADO",
        asks=lambda answers: answers.ranged,
        verb="tornado",
        page="theory/meeting.md",
        told_by="meeting",
        results=("Tornado",),
    ),
    Listed(
        name="sensitivity",
        about="how much of the spread is due to each input?",
        home="potline.questions.inputs:SENSITIVITY",
        asks=lambda answers: answers.ranged,
        verb="margin_sensitivity",
        page="theory/meeting.md",
        told_by="meeting",
        results=("MarginSensitivity",),
    ),
    Listed(
        name="maps",
        about="where, over two inputs, does an agreement begin?",
        home="potline.questions.inputs:MAPS",
        asks=lambda answers: answers.ranged,
        verb="stability_map",
        page="theory/meeting.md",
        told_by="meeting",
        results=("StabilityMap", "TonnageMap", "TurningPoint"),
    ),
    Listed(
        name="sources",
        about="what is reported, what is assumed, and by whom?",
        home="potline.questions.sources:SOURCES",
        asks=always,
        verb="load",
        page="how-to/read-the-brief.md",
        results=("Case",),
        shows="potline.questions.case_faces:CASE_FACES",
    ),
)

_GROUP = "potline.questions"
_added: dict[str, Listed] = {}


def listed() -> tuple[Listed, ...]:
    """Return every question: ours, those of installed packages, those registered."""
    found = {item.name: item for item in (*QUESTIONS, *_installed())} | _added
    return tuple(found.values())


def register(question: Listed) -> None:
    """Add a question to the list; every face shows it from then on."""
    _added[question.name] = question


def unregister(name: str) -> None:
    """Take a registered question off the list again."""
    _added.pop(name, None)


@cache
def _installed() -> tuple[Listed, ...]:
    if not any(map(_names_questions, sys.path)):
        return ()
    from importlib.metadata import entry_points

    return tuple(found.load() for found in entry_points(group=_GROUP))


def _names_questions(place: str) -> bool:
    """Whether a package at a place may add questions, seen without ``importlib.metadata``, a fifth of a help's time."""
    try:
        names = os.listdir(place or ".")
    except OSError:
        return os.path.isfile(place)
    for name in names:
        if name.lower().endswith((".dist-info", "egg-info")):
            with suppress(OSError), open(os.path.join(place, name, "entry_points.txt"), "rb") as file:
                if _GROUP.encode() in file.read():
                    return True
    return False
