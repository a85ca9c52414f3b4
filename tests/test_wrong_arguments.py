"""Every public constructor and verb, given what it cannot take: our errors and nothing else, before anything else."""

import dataclasses
import inspect
import math
import re
from collections.abc import Iterator, Sized
from enum import EnumType
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import potline as pot
from potline.errors import PotlineError

DEMAND = pot.LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5)
PLANTS = tuple(pot.Plant(name=name, firm=name, capacity_kt=100.0, other_cost_per_t=9.5) for name in "AB")
PROCESS = pot.PriceProcess(volatility=0.2)
INDUSTRY = pot.Industry(name="twins", price_per_t=10.0, process=PROCESS, demand=DEMAND, plants=PLANTS)
MEETING = pot.Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=60.0)
FACTOR = pot.Factor(name="size", path="meeting.least_cut_kt", low=20.0, central=60.0, high=80.0)
CASE = pot.Case(
    name="twins",
    industry=INDUSTRY,
    meeting=MEETING,
    factors=(FACTOR,),
    currency="CNY",
    outcome=pot.Outcome(decision="none"),
)
WINDOW = dataclasses.replace(
    CASE, window=(pot.MonthFact(month="2013-01", path="demand.elasticity", value=0.4, low=0.4, high=0.4),)
)
STOPPED = dataclasses.replace(
    CASE,
    documented_stops=(
        pot.DocumentedStop(
            event="spring", month="2013-03", kind="stopped", moved_kt=50.0, moved_low_kt=50.0, moved_high_kt=50.0,
            price_per_t=10.0, price_low_per_t=10.0, price_high_per_t=10.0,
        ),
    ),
)  # fmt: skip
BARE = pot.Industry(name="bare", demand=DEMAND, plants=PLANTS)
ORE = pot.Input(product="alumina", use_per_t=2.0, price_per_unit=1.0)
REFINERY = pot.Supplier(name="H", capacity_kt=900.0, cash_cost_per_t=0.9)
PARITY = pot.ImportParity(fob_usd_per_t=1.0, exchange_rate=6.0)
SMELTERS = pot.Industry(
    name="smelters",
    price_per_t=10.0,
    demand=DEMAND,
    plants=tuple(pot.Plant(name=name, firm=name, capacity_kt=100.0, inputs=(ORE,)) for name in "AB"),
    input_market=pot.InputMarket(product="alumina", price_per_t=1.0, parity=PARITY, suppliers=(REFINERY,)),
)
AMOUNT = pot.Amount(product="metal")
MILL = pot.Activity(name="mill", place="west", outputs=(AMOUNT,), cost_per_t=2.0)
LOCAL = pot.LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0)
NETWORK = pot.Network(
    name="here",
    products=(pot.Product(name="metal"),),
    places=(pot.Place(name="west"),),
    activities=(MILL,),
    demands=(LOCAL,),
)
DEAL = pot.DealPayoffs(owners=("A", "B"), coordinate_m=(3.0, 2.0), defect_m=(5.0, 5.0), punish_m=(1.0, 1.0))
GAME = pot.CoalitionGame(players=("A", "B"), worth=np.array([0.0, 1.0, 2.0, 9.0]))
DILEMMA = pot.RepeatedGame(payoffs_m=np.array([[[9.0, 1.0], [10.0, 3.0]], [[9.0, 10.0], [1.0, 3.0]]]))
CUT = pot.JointCut(signatories=("A",), rule=pot.ProRata(share_of_running=0.1))
CLAIM = {"path": "price_per_t", "value": 10.0, "low": 10.0, "high": 10.0, "unit": "CNY/t", "vat": "none"}
MONTHS = tuple(f"{2010 + k // 12}-{k % 12 + 1:02d}" for k in range(36))
PRICES = tuple(math.exp(0.1 * math.sin(k)) for k in range(36))


class Gains:
    """Coalitions and their gains, as :class:`potline.CoalitionGains` asks."""

    owners = ("A", "B")
    mask = np.array([3])
    gain_m_per_year = np.array([9.0])


def worth(group: object, others: Sized) -> float:
    return 1.0 / (len(others) + 2.0) ** 2


VALID: dict[str, dict[str, Any]] = {
    "Activity": {"name": "mill", "place": "west"},
    "Amount": {"product": "metal"},
    "Announced": {"cuts_kt": (("A", 1.0),)},
    "Answers": {"case": CASE},
    "MonthFact": {"month": "2013-03", "path": "price_per_t", "value": 2.0, "low": 1.0, "high": 3.0},
    "OreSource": {"name": "I", "kind": "ore"},
    "ByNash": {},
    "CapacityOffLine": {"share": 0.1},
    "Cartel": {"members": ("A",)},
    "Case": {"name": "twins", "industry": INDUSTRY},
    "Change": {"path": "price_per_t", "value": 1.0},
    "Claim": {**CLAIM, "source": "own", "standing": "assumed"},
    "Claims": {},
    "CoalitionGame": {"players": ("A", "B"), "worth": GAME.worth},
    "Conditional": {"proposal": pot.Tabled(), "trigger_per_t": 9.0},
    "ConditionalStockpile": {"kt_per_kt_idled": 1.0},
    "Conjectural": {"theta": 0.5},
    "CostOrder": {"total_kt": 60.0},
    "CostStep": {"capacity_kt": 1.0, "cost_per_t": 1.0},
    "CrossTerm": {"of": "a", "by": "b", "per_t_per_kt": 1.0},
    "DealPayoffs": {"owners": ("A",), "coordinate_m": (1.0,), "defect_m": (2.0,), "punish_m": (0.0,)},
    "DrawnChange": {"path": "price_per_t", "values": [1.0]},
    "Efficient": {"total_kt": 1.0},
    "ExtraColumn": {"table": "plants", "column": "id", "cells": ("1", "2")},
    "DroppedRow": {"row": 2, "plant": "A", "reason": "no capacity"},
    "Factor": {"name": "size", "path": "price_per_t", "low": 1.0, "central": 2.0, "high": 3.0},
    "Firm": {"name": "A"},
    "FixedDemand": {"product": "metal", "place": "west", "quantity_kt": 1.0},
    "Government": {"name": "Henan"},
    "GreenPorter": {"noise": 0.05},
    "ImportParity": {"fob_usd_per_t": 1.0, "exchange_rate": 6.0},
    "Industry": {"name": "bare", "demand": DEMAND, "plants": PLANTS},
    "Input": {"product": "alumina", "use_per_t": 2.0, "price_per_unit": 1.0},
    "InputMarket": {"product": "alumina", "price_per_t": 1.0},
    "InputRange": {"input": "size"},
    "Interval": {"central": 1.0, "low": 1.0, "high": 1.0},
    "IsoelasticDemand": {"price_per_t": 1.0, "quantity_kt": 1.0, "elasticity": 1.0},
    "IsoelasticLocalDemand": {"product": "m", "place": "w", "price_per_t": 1.0, "quantity_kt": 1.0, "elasticity": 1.0},
    "JointCap": {"cap_kt": 5.0},
    "JointCut": {"signatories": ("A",), "rule": pot.Efficient(total_kt=1.0)},
    "Leader": {"leader": ("A",)},
    "LinearDemand": {"price_per_t": 1.0, "quantity_kt": 1.0, "elasticity": 1.0},
    "ListGuess": {"key": "columns.plant", "value": "Works", "why": "its heading"},
    "ListNote": {"kind": "about", "rows": (2,)},
    "LocalDemand": {"product": "metal", "place": "west", "intercept_per_t": 10.0, "slope_per_kt": 1.0},
    "LumpSum": {"name": "L", "government": "Henan", "firm": "A", "money_m_per_year": 1.0},
    "Maintenance": {"total_kt": 10.0, "limit_kt": 1.0},
    "Meeting": {"date": "", "firms": ("A",), "owners": ("A",), "least_cut_kt": 1.0},
    "Network": {"name": "here", "products": (), "places": ()},
    "Outcome": {"decision": "none"},
    "Place": {"name": "west"},
    "Plant": {"name": "A", "firm": "A", "capacity_kt": 1.0},
    "PlantNoise": {},
    "PowerSubsidy": {"name": "P", "government": "Henan", "support_per_kwh": 0.1},
    "PriceProcess": {"volatility": 0.2},
    "ProRata": {"total_kt": 1.0},
    "Product": {"name": "metal"},
    "Project": {"name": "new", "capacity_kt": 1.0},
    "Quota": {"name": "Q", "routes": ("r",), "limit_kt": 1.0},
    "RecordEntry": {"id": "R1", "quote": "They said so."},
    "Supplier": {"name": "H", "capacity_kt": 1.0, "cash_cost_per_t": 1.0},
    "RepeatedGame": {"payoffs_m": DILEMMA.payoffs_m},
    "RestOfWorld": {"quantity_kt": 1.0, "supply_elasticity": 0.5},
    "Route": {"product": "metal", "origin": "west", "destination": "east"},
    "Sequential": {},
    "Series": {"name": "s", "unit": "t", "vat": "none", "months": (), "values": (), "lows": (), "highs": ()},
    "SmoothCost": {"scale": 1.0},
    "Source": {"id": "S", "title": "own"},
    "Stage": {"product": "metal", "concept": pot.Cournot()},
    "StatePurchase": {"name": "S", "quantity_kt": 1.0, "price_per_t": 1.0},
    "Stated": {"cuts_kt": (("A", 1.0),)},
    "StickAndCarrot": {},
    "Stock": {"product": "metal", "place": "west"},
    "StopAndRestart": {"stop_per_t": (1.0,), "restart_per_t": (2.0,)},
    "Successive": {"stages": (pot.Stage(product="metal", concept=pot.Cournot()),)},
    "SupplyRoute": {"name": "rail", "product": "alumina", "origin": "a", "destination": "b"},
    "Tolerance": {},
    "Accuracy": {},
    "Trade": {},
    "Tranche": {"price_per_t": 1.0},
    "agreement_share": {"case": CASE, "draws": 8},
    "input_imports": {"case": CASE},
    "solve_input_market": {"industry": SMELTERS},
    "input_relief": {"industry": SMELTERS},
    "attribution": {"case": CASE},
    "banzhaf": {"game": GAME},
    "brief": {"case": CASE, "draws": 0},
    "cartel_stability": {"industry": BARE},
    "chain": {"case_or_industry": SMELTERS},
    "chain_relief": {"industry": SMELTERS, "cut": CUT},
    "case_frames": {"case": pot.load("china-aluminium-2015")},
    "case_from_frames": pot.case_frames(pot.load("china-aluminium-2015")),
    "check": {"case": CASE},
    "coalition_game": {"players": ("A", "B"), "worth": worth},
    "collusion_under_noise": {"industry": BARE, "strategy": pot.GreenPorter(noise=0.02)},
    "compare": {"before": CASE, "after": CASE, "only": ("costs",)},
    "compare_institutions": {"case": CASE},
    "compile_industry": {"industry": INDUSTRY},
    "convene": {"case": CASE, "institution": pot.Voluntary()},
    "core": {"game": GAME},
    "cost_curve": {"industry": INDUSTRY},
    "critical_discount_factor": {"stakes": DEAL},
    "deal_game": {"table": Gains(), "members": ("A", "B")},
    "divide": {"table": Gains(), "own_gain_m_per_year": {"A": 4.0, "B": 5.0}},
    "divide_meeting": {"case": CASE},
    "enforcement": {"case": CASE},
    "enforcement_over_time": {"case": CASE},
    "estimate_price_process": {"price_per_t": PRICES, "months": MONTHS},
    "game_deal": {"game": DILEMMA, "agreed": (0, 0)},
    "hindcast": {"case": CASE},
    "import_list": {"file": "no-such/list.csv", "folder": "no-such/folder"},
    "incentives": {"stakes": DEAL},
    "institution_share": {"case": CASE, "draws": 8},
    "load": {"name": "china-aluminium-2015"},
    "margin_sensitivity": {"case": CASE, "draws": 8},
    "meeting": {"case": CASE, "draws": 0},
    "nash_bargaining": {"players": ("A", "B"), "outcomes": [6.0, 4.0]},
    "new": {"folder": "no-such/folder"},
    "no_deal_market": {"case": CASE},
    "nucleolus": {"game": GAME},
    "payments": {"players": ("A", "B"), "before": [1.0, 0.0], "after": [0.0, 1.0]},
    "payoff_set": {"game": DILEMMA, "discount_factor": 0.9},
    "price_deal": {"industry": BARE},
    "propose": {"case": CASE, "proposal": pot.Tabled()},
    "quantity_deal": {"industry": BARE},
    "record": {"case": CASE},
    "remedy": {"case": CASE},
    "rerun": {"path": "no-such-run"},
    "run": {"case": CASE, "draws": 0, "out": "no-such/folder"},
    "shapley": {"game": GAME},
    "shipped": {},
    "solve": {"industry": BARE},
    "solve_lines": {"industry": BARE, "unit_kt": 50.0},
    "stability_map": {
        "case": CASE,
        "first": "size",
        "second": pot.InputRange(input="demand.elasticity", low=0.2, high=0.6),
        "points": (2, 2),
    },
    "documented_stops": {"case": STOPPED},
    "DocumentedStop": {"event": "spring", "month": "2013-03", "kind": "stopped", "price_per_t": 10.0},
    "state": {"case": CASE},
    "stopping_prices": {"industry": INDUSTRY},
    "tonnage_attribution": {"case": CASE},
    "tonnage_bounds": {"case": CASE},
    "tonnage_map": {
        "case": CASE,
        "first": "size",
        "second": pot.InputRange(input="demand.elasticity", low=0.2, high=0.6),
        "points": (2, 2),
    },
    "tonnage_share": {"case": CASE, "draws": 8},
    "tonnages_by_month": {"case": WINDOW},
    "tonnages_by_price": {"case": CASE, "prices_per_t": (1.0, 1.1)},
    "tonnage_sensitivity": {"case": CASE, "draws": 8},
    "tonnage_tornado": {"case": CASE},
    "tonnages_that_hold": {"case": CASE},
    "unilateral_cuts": {"case": CASE},
    "tornado": {"case": CASE, "points": 2},
    "trigger_range": {"case": CASE, "points": 2},
    "turning_points": {"case": CASE},
    "usual_ranges": {},
    "upgrade": {"folder": str(Path(__file__).parent / "steel" / "works")},
    "verify": {"result": pot.solve(BARE)},
}
OPTIONS: dict[str, tuple[str, ...]] = {  # of verbs that hand on what they are given
    "solve": ("concept", "avoidable", "cap", "method", "tolerance", "check"),
}
WITHOUT_DATA = {
    "input_imports": "case 'twins': found no input market with parity and series 'fob_usd_per_t'; needed "
    "all three to compare imports with customs.",
}
# A whole run takes long, and some words and numbers of a run are right.
LONG = {"brief", "run", "rerun", "new", "import_list"}
WRONG = (None, 5, "x", math.nan, object(), int, pot.Cournot, CASE, [object()])
NEVER = (object(), int, [object()])


def public() -> Iterator[str]:
    answers = {"CompiledIndustry", "CaseWarning", "UsualRange", "Check", "Problem", "ShortageProof", "Frame"}
    for name in dir(pot):
        value: Any = getattr(pot, name)
        if inspect.isfunction(value) or hasattr(value, "__wrapped__"):
            answers |= set(re.findall(r"\w+", str(inspect.signature(value).return_annotation)))
    inputs = {"Case", "CoalitionGame", "DealPayoffs"}
    for name in dir(pot):
        value = getattr(pot, name)
        exempt = name in answers - inputs or (inspect.isclass(value) and issubclass(value, Exception))
        exempt |= isinstance(value, EnumType)  # tests/test_choices.py
        if callable(value) and not exempt and not getattr(value, "_is_protocol", False):
            yield name


def call(name: str, arguments: dict[str, Any]) -> Any:
    return getattr(pot, name)(**arguments)


def parameters(name: str) -> list[str]:
    found = inspect.signature(getattr(pot, name)).parameters.values()
    named = [item.name for item in found if item.kind not in (item.VAR_POSITIONAL, item.VAR_KEYWORD)]
    return list(dict.fromkeys([*named, *OPTIONS.get(name, ())]))


def takes_functions(name: str, parameter: str) -> bool:
    return parameter in ("progress", "say") or (name, parameter) == ("coalition_game", "worth")


def test_every_public_constructor_and_verb_has_an_example():
    without = [name for name in public() if name not in VALID and parameters(name)]
    assert without == []


@pytest.mark.parametrize("name", sorted(set(VALID) - LONG))
def test_the_examples_are_answered_or_refused_for_a_reason(name: str):
    if name in WITHOUT_DATA:
        with pytest.raises(PotlineError) as error:
            call(name, VALID[name])
        assert str(error.value) == WITHOUT_DATA[name]
    else:
        assert call(name, VALID[name]) is not None


CASES = [(name, parameter) for name in VALID for parameter in parameters(name)]


@pytest.mark.parametrize(("name", "parameter"), CASES, ids=[f"{name}-{parameter}" for name, parameter in CASES])
def test_a_wrong_argument_is_answered_or_refused_with_our_error(name: str, parameter: str):
    for wrong in WRONG:
        never = any(wrong is item for item in NEVER) or isinstance(wrong, list) or type(wrong) is object
        if takes_functions(name, parameter) and isinstance(wrong, type):
            continue
        if name in LONG and not never:
            continue
        try:
            call(name, {**VALID[name], parameter: wrong})
            said = ""
        except PotlineError as error:
            said = str(error)
        assert " needed " in said or not (said or never), f"{name}, {parameter}: took {wrong!r} and said {said!r}"


@pytest.mark.parametrize("name", sorted(VALID))
def test_names_that_are_not_there_are_refused_with_our_error(name: str):
    made = getattr(pot, name)
    with pytest.raises(PotlineError) as error:
        made(**VALID[name], nonsense=3)
    assert "'nonsense'; needed " in str(error.value)
    with pytest.raises(PotlineError) as error:
        made(*[object()] * 40)
    assert "found an object" in str(error.value)
    found = inspect.signature(made).parameters
    if needed := [item for item in parameters(name) if item in found and found[item].default is found[item].empty]:
        with pytest.raises(PotlineError) as error:
            made()
        assert f"found no {needed[0]}; needed one. Write {needed[0]}=..." in str(error.value)
