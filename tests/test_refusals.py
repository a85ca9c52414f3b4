"""What is not a question is refused at once: what was found, what is needed, what to try."""

import dataclasses
import math

import pytest

import potline as pot

TWO = pot.Industry(
    name="t",
    demand=pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=1.0),
    plants=tuple(pot.Plant(name=n, firm=n, capacity_kt=9.0, other_cost_per_t=1.0) for n in "AB"),
)
NETWORK = pot.Network(
    name="here",
    products=(pot.Product(name="metal"),),
    places=(pot.Place(name="west"),),
    activities=tuple(
        pot.Activity(name=n, place="west", outputs=(pot.Amount(product="metal"),), cost_per_t=1.0, capacity_kt=9.0)
        for n in "AB"
    ),
    demands=(pot.LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),),
)
PRICED = dataclasses.replace(TWO, price_per_t=4.0)
CASE = pot.Case(
    name="t", industry=PRICED, meeting=pot.Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=1.0)
)
TWINS = pot.Case(
    name="twins",
    industry=pot.Industry(
        name="twins",
        price_per_t=10.0,
        process=pot.PriceProcess(volatility=0.2),
        demand=pot.LinearDemand(price_per_t=10.0, quantity_kt=200.0, elasticity=0.5),
        plants=tuple(pot.Plant(name=n, firm=n, capacity_kt=100.0, other_cost_per_t=9.5) for n in "AB"),
    ),
    meeting=pot.Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=60.0),
)
SMELTER = pot.Plant(name="Fushun", firm="A", capacity_kt=9.0, other_cost_per_t=1.0)
MOVING = dataclasses.replace(TWO, process=pot.PriceProcess(volatility=0.2), plants=(SMELTER,))
BENT = dataclasses.replace(
    NETWORK, activities=tuple(dataclasses.replace(item, cost_slope=1.0) for item in NETWORK.activities)
)
CONCEPTS = "Competitive(), Cournot(), Conjectural(theta=...), Cartel(members=...) or Leader(leader=...)"
IN_SPACE = "Competitive(), Cournot(), Conjectural(theta=...), Cartel(members=...), Leader(leader=...) or "
FOLLOWERS = "Competitive(), Cournot() or Conjectural(theta=...)"
STRATEGIES = "Grim(), StickAndCarrot(...) or GreenPorter(...)"
MADE = "`pot.load(NAME)` reads a shipped case or a folder; `pot.Case(name=..., industry=...)` makes one."
BRACKETS = "with brackets it is made."

REFUSED = {
    "a class for a concept": (
        lambda: pot.solve(TWO, pot.Competitive),
        f"solve, concept: found the class Competitive; needed {CONCEPTS}. Write `Competitive()`: {BRACKETS}",
    ),
    "a text for a concept": (
        lambda: pot.solve(TWO, "competitive"),
        f"solve, concept: found 'competitive'; needed {CONCEPTS}. Write `Competitive()`, without quotes.",
    ),
    "none for a concept": (lambda: pot.solve(TWO, None), f"solve, concept: found None; needed {CONCEPTS}."),
    "a strategy for a concept": (
        lambda: pot.solve(TWO, pot.Grim()),
        f"solve, concept: found Grim(); needed {CONCEPTS}.",
    ),
    "stages for one market": (
        lambda: pot.solve(TWO, pot.Successive(stages=(pot.Stage(product="metal", concept=pot.Cournot()),))),
        "concept: found Successive; needed Competitive, Cournot, Conjectural, Cartel or Leader: an industry is one "
        "market, stages are of a Network.",
    ),
    "a class for a concept of a network": (
        lambda: pot.solve(NETWORK, pot.Cournot),
        f"solve, concept: found the class Cournot; needed {IN_SPACE}Successive(stages=...). "
        f"Write `Cournot()`: {BRACKETS}",
    ),
    "a text for a concept of a network": (
        lambda: pot.solve(NETWORK, "cournot"),
        f"solve, concept: found 'cournot'; needed {IN_SPACE}Successive(stages=...). Write `Cournot()`, without quotes.",
    ),
    "a leader of a network": (
        lambda: pot.solve(NETWORK, pot.Leader(leader=("A",))),
        "concept: found Leader; needed Competitive, Cournot, Conjectural, Cartel or Successive on a network.",
    ),
    "a class for followers": (
        lambda: pot.Leader(leader=("A",), followers=pot.Competitive),
        f"Leader, followers: found the class Competitive; needed {FOLLOWERS}. Write `Competitive()`: {BRACKETS}",
    ),
    "a class for a fringe": (
        lambda: pot.Cartel(members=("A",), fringe=pot.Competitive),
        f"Cartel, fringe: found the class Competitive; needed {FOLLOWERS}. Write `Competitive()`: {BRACKETS}",
    ),
    "a class for the fringe of cartels": (
        lambda: pot.cartel_stability(TWO, fringe=pot.Competitive),
        f"cartel_stability, fringe: found the class Competitive; needed {FOLLOWERS}, or None. "
        f"Write `Competitive()`: {BRACKETS}",
    ),
    "a class for a strategy": (
        lambda: pot.critical_discount_factor(TWO, pot.Grim),
        f"critical_discount_factor, strategy: found the class Grim; needed {STRATEGIES}. Write `Grim()`: {BRACKETS}",
    ),
    "a method that is none": (
        lambda: pot.solve(NETWORK, method="nonsense"),
        "solve, method: found 'nonsense'; needed 'auto', 'flow', 'highs', 'piqp' or 'complementarity'.",
    ),
    "a method of a network for one market": (
        lambda: pot.solve(TWO, method="flow"),
        "solve, method: found 'flow'; needed Sweep().",
    ),
    "linear programs only": (
        lambda: pot.solve(BENT, method="highs"),
        "network 'here', method 'highs': found costs or demand that change with the quantity; needed straight costs "
        "and fixed demand: HiGHS solves linear programs. Leave the method out.",
    ),
    "an option of another question": (
        lambda: pot.solve(NETWORK, cap=pot.JointCap(cap_kt=5.0)),
        "solve: found the option 'cap'; needed an option of a network: stage, method, start, accuracy or check.",
    ),
    "an option that is misspelt": (
        lambda: pot.solve(TWO, avoidible=pot.CashCost()),
        "solve: found the option 'avoidible'; needed an option of an industry: avoidable, cap, method, tolerance or "
        "check.",
    ),
    "a number for a cap": (
        lambda: pot.solve(TWO, cap=100.0),
        "solve, cap: found 100; needed JointCap(cap_kt=...), or None. Write `JointCap(cap_kt=100)`.",
    ),
    "a text for a cost": (
        lambda: pot.solve(TWO, avoidable="stop"),
        "solve, avoidable: found 'stop'; needed CashCost() or StopAndRestart(stop_per_t=..., restart_per_t=...), or "
        "None.",
    ),
    "a measure that is none": (
        lambda: pot.cost_curve(TWO, measure="foo"),
        "cost_curve, measure: found 'foo'; needed 'cash' or 'full'.",
    ),
    "a measure in capitals": (
        lambda: pot.cost_curve(TWO, measure="Full"),
        "cost_curve, measure: found 'Full'; needed 'cash' or 'full'. Did you mean 'full'?",
    ),
    "no draws": (
        lambda: pot.agreement_share(CASE, draws=0),
        "agreement_share, draws: found 0; needed a whole number from 8 to 131072.",
    ),
    "less than no draws": (
        lambda: pot.agreement_share(CASE, draws=-5),
        "agreement_share, draws: found -5; needed a whole number from 8 to 131072.",
    ),
    "three draws": (
        lambda: pot.agreement_share(CASE, draws=3),
        "agreement_share, draws: found 3; needed a whole number from 8 to 131072.",
    ),
    "half a draw": (
        lambda: pot.agreement_share(CASE, draws=64.5),
        "agreement_share, draws: found 64.5; needed a whole number from 8 to 131072.",
    ),
    "draws in quotes": (
        lambda: pot.agreement_share(CASE, draws="64"),
        "agreement_share, draws: found '64'; needed a whole number from 8 to 131072. Write 64, without quotes.",
    ),
    "a meeting with less than no draws": (
        lambda: pot.meeting(CASE, draws=-1),
        "meeting, draws: found -1; needed a whole number from 8 to 131072, or 0 for none.",
    ),
    "years below 0": (
        lambda: pot.JointCut(signatories=("A",), rule=pot.ProRata(share_of_running=0.1), years=-1.0),
        "JointCut, years: found -1; needed a number above 0.",
    ),
    "capacity below 0": (
        lambda: pot.Plant(name="A", firm="A", capacity_kt=-1.0),
        "Plant 'A', capacity_kt: found -1; needed a number of 0 or more, or inf for no limit.",
    ),
    "capacity that is no number": (
        lambda: pot.Plant(name="A", firm="A", capacity_kt=math.nan),
        "Plant 'A', capacity_kt: found nan; needed a number of 0 or more, or inf for no limit.",
    ),
    "capacity in quotes": (
        lambda: pot.Plant(name="A", firm="A", capacity_kt="100"),
        "Plant 'A', capacity_kt: found '100'; needed a number of 0 or more, or inf for no limit. "
        "Write 100, without quotes.",
    ),
    "capacity that is true": (
        lambda: pot.Plant(name="A", firm="A", capacity_kt=True),
        "Plant 'A', capacity_kt: found True; needed a number of 0 or more, or inf for no limit.",
    ),
    "two fields at once": (
        lambda: pot.Plant(name="", firm="A", capacity_kt=None),
        "Plant, name: found ''; needed a name.\n"
        "Plant, capacity_kt: found None; needed a number of 0 or more, or inf for no limit.",
    ),
    "elasticity below 0": (
        lambda: pot.LinearDemand(price_per_t=1.0, quantity_kt=1.0, elasticity=-0.5),
        "LinearDemand, elasticity: found -0.5; needed a number above 0.",
    ),
    "17 for 17 per cent": (
        lambda: dataclasses.replace(TWO, vat_rate=17),
        "Industry 't', vat_rate: found 17; needed a number from 0 to 1.",
    ),
    "two plants of one name": (
        lambda: dataclasses.replace(TWO, plants=(TWO.plants[0], TWO.plants[0])),
        "Industry 't': found 2 of plant 'A'; needed one of each name. Give each its own name.",
    ),
    "one plant without a comma": (
        lambda: pot.Industry(name="x", plants=TWO.plants[0], demand=TWO.demand),
        "Industry 'x', plants: found a Plant; needed a tuple of Plant objects. "
        "Write it as `(one,)`: a tuple of one has a comma.",
    ),
    "letters for plants": (
        lambda: pot.Industry(name="x", plants="AB", demand=TWO.demand),
        "Industry 'x', plants: found 'AB'; needed a tuple of Plant objects.",
    ),
    "a pair in a list": (
        lambda: pot.Stated(cuts_kt=[("A", 1.0), ("B", -2.0)]),
        "Stated, cuts_kt: found -2 for 'B'; needed a number of 0 or more.",
    ),
    "a case for an industry": (
        lambda: pot.cost_curve(CASE),
        "cost_curve, industry: found a Case; needed an Industry. Use `case.industry`.",
    ),
    "a case to stop": (
        lambda: pot.stopping_prices(CASE),
        "stopping_prices, industry: found a Case; needed an Industry. Use `case.industry`.",
    ),
    "a case to solve": (
        lambda: pot.solve(CASE),
        "solve, industry: found a Case; needed an Industry. Use `case.industry`.",
    ),
    "an industry for a case": (
        lambda: pot.meeting(TWO),
        f"meeting, case: found an Industry; needed a Case. {MADE}",
    ),
    "a name for a case": (
        lambda: pot.meeting("name"),
        f"meeting, case: found 'name'; needed a Case. {MADE.replace('NAME', repr('name'))}",
    ),
    "a number for a folder": (lambda: pot.load(5), "load, name: found 5; needed a text or a path."),
    "a plant that is not there": (
        lambda: pot.stopping_prices(MOVING).waterfall_of("Fushan"),
        "waterfall_of, plant: found 'Fushan'; needed the name of a plant. Did you mean 'Fushun'?",
    ),
    "a group that is none": (
        lambda: pot.cost_curve(PRICED).by("provinces"),
        "CostCurve.by, key: found 'provinces'; needed 'province', 'owner' or 'firm'. Did you mean 'province'?",
    ),
    "a dict of overrides": (
        lambda: CASE.override({"price_per_t": 5.0}),
        'Case.override, texts: found a dict; needed a text. Write `case.override("PATH=VALUE", ...)`.',
    ),
    "a change that is none": (
        lambda: TWO.under("price_per_t=5"),
        "Industry.under, events: found 'price_per_t=5'; needed Change(path=..., value=...), a PowerSubsidy, a LumpSum, "
        "a StatePurchase or JointCut(signatories=..., rule=...).",
    ),
    "a number to verify": (
        lambda: pot.verify(5),
        "verify, result: found 5; needed an answer that can be verified: {known}. "
        "Pass what a verb returned, not what it was asked.",
    ),
    "a network's accuracy for a market": (
        lambda: pot.verify(pot.solve(TWO), pot.Accuracy()),
        "verify, tolerance: found Accuracy(residual=1e-08, gap=1e-08, foresight=1e-06); needed Tolerance(...), or "
        "None.",
    ),
    "an institution that is none": (
        lambda: pot.compare_institutions(CASE, only=("stockpile",)),
        "compare_institutions, only: found 'stockpile' at place 1; needed 'voluntary', 'transfers', 'unanimity', "
        "'sequential', 'farsighted', 'conditional stockpile' or 'mandated'. Did you mean 'conditional stockpile'?",
    ),
    "years of two digits": (
        lambda: pot.estimate_price_process([1.0] * 30, months=["13-01"] * 30),
        "estimate_price_process, months: found '13-01' at place 1; needed a month written YYYY-MM, such as 2013-04.",
    ),
    "months that are too many": (
        lambda: pot.estimate_price_process([1.0] * 30, months=["2013-13"] * 30),
        "estimate_price_process, months: found '2013-13' at place 1; needed a month written YYYY-MM, such as 2013-04.",
    ),
    "prices that are none": (
        lambda: pot.estimate_price_process([None] * 30),
        "estimate_price_process, price_per_t: found a list; needed an array of numbers with 1 axis.",
    ),
    "a player that is not there": (
        lambda: pot.CoalitionGame(players=("A", "B"), worth=[0.0, 1.0, 2.0, 9.0]).of("C"),
        "members: found 'C'; needed a player of the game. There are: A, B.",
    ),
    "a margin that was not computed": (
        lambda: pot.meeting(TWINS, draws=0).margin("voluntery"),
        "MeetingResult.margin, institution: found 'voluntery'; needed an institution that was computed. "
        "Did you mean 'voluntary'?",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_understood_is_refused_in_words(what):
    question, words = REFUSED[what]
    with pytest.raises(pot.InputError) as error:
        question()
    text = str(error.value)
    if "{known}" in words:
        before, after = words.split("{known}")
        assert text.startswith(before)
        assert text.endswith(after)
        assert "MarketEquilibrium" in text
    else:
        assert text == words


def test_a_text_is_one_name():
    assert pot.Leader(leader="10").leader == ("10",)
    assert pot.Cartel(members="Chalco").members == ("Chalco",)
    assert pot.JointCut(signatories="Chalco", rule=pot.Efficient(total_kt=1.0)).signatories == ("Chalco",)
    many = dataclasses.replace(
        TWO, plants=tuple(pot.Plant(name=str(k), firm=str(k), capacity_kt=9.0, other_cost_per_t=1.0) for k in range(11))
    )
    one, other = (pot.solve(many, pot.Leader(leader=leader)) for leader in ("10", ("10",)))
    assert one.profit_m == other.profit_m
    assert max(one.profit_m, key=one.profit_m.get) == "10"


def test_lists_and_arrays_are_taken_as_tuples():
    import numpy as np

    industry = pot.Industry(name="t", demand=TWO.demand, plants=list(TWO.plants))
    assert industry == TWO
    assert hash(industry) == hash(TWO)
    offers = pot.StopAndRestart(stop_per_t=np.array([1.0, 2.0]), restart_per_t=[3, np.float64(4.0)])
    assert offers == pot.StopAndRestart(stop_per_t=(1.0, 2.0), restart_per_t=(3.0, 4.0))
    assert type(pot.Plant(name="A", firm="A", capacity_kt=np.float64(1.0)).capacity_kt) is float


def test_what_concepts_say_is_what_is_solved():
    """The values of the two markets that were once solved for another concept than the one written."""
    assert pot.solve(TWO, pot.Competitive()).price_per_t == pytest.approx(1.0)
    assert pot.solve(TWO, pot.Cournot()).price_per_t == pytest.approx(4.0)
    assert pot.solve(NETWORK, pot.Cournot()).price("metal", "west") == pytest.approx(4.0)
    assert pot.solve(NETWORK).price("metal", "west") == pytest.approx(1.0)
    led = pot.solve(TWO, pot.Leader(leader=("A",), followers=pot.Competitive()))
    assert led.price_per_t == pytest.approx(1.0)
