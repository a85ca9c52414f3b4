"""What cannot stand together in a noun, and options without effect, are refused as they are given: the whole text."""

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
    activities=(
        pot.Activity(name="A", place="west", outputs=(pot.Amount(product="metal"),), cost_per_t=1.0, capacity_kt=9.0),
    ),
    demands=(pot.LocalDemand(product="metal", place="west", intercept_per_t=10.0, slope_per_kt=1.0),),
)
TABLE = pot.Meeting(date="", firms=("A", "B"), owners=("A", "B"), least_cut_kt=1.0)
CASE = pot.Case(name="t", industry=dataclasses.replace(TWO, price_per_t=4.0), meeting=TABLE)
COAL = pot.Input(product="coal", use_per_t=1.0, price_per_unit=1.0)
PARITY = pot.ImportParity(fob_usd_per_t=1.0, exchange_rate=6.0)
ABROAD = pot.RestOfWorld(quantity_kt=100.0, supply_elasticity=0.5)
TENTH = pot.ProRata(share_of_running=0.1)
ONE_OF_TWO = "needed share_of_running=... or total_kt=..., one of the two."
ONCE = "needed one of each name. Give each its own name."
DATE = "needed a date written YYYY, YYYY-MM or YYYY-MM-DD, or nothing."


def cut(*names, rule=TENTH):
    return pot.JointCut(signatories=names, rule=rule)


def price(*where):
    return pot.solve(NETWORK).price(*where)


REFUSED = {
    "neither share nor total": (pot.ProRata, f"ProRata: found neither a share nor a total; {ONE_OF_TWO}"),
    "share and total": (
        lambda: pot.ProRata(share_of_running=0.1, total_kt=5.0),
        f"ProRata: found both a share and a total; {ONE_OF_TWO}",
    ),
    "a cut that nobody signs": (cut, "JointCut, signatories: found nobody; needed one firm or more."),
    "a leader named twice": (lambda: pot.Leader(leader=("A", "A")), f"Leader: found 2 of owner 'A'; {ONCE}"),
    "a member named twice": (lambda: pot.Cartel(members=("A", "B", "A")), f"Cartel: found 2 of member 'A'; {ONCE}"),
    "who signs twice": (lambda: cut("A", "A"), f"JointCut: found 2 of signatory 'A'; {ONCE}"),
    "a cut of who does not sign": (
        lambda: cut("A", rule=pot.Stated(cuts_kt=(("A", 1.0), ("B", 2.0)))),
        "JointCut, rule: found a cut of 'B', who does not sign; needed cuts of signatories. There are: A.",
    ),
    "two cuts of one": (
        lambda: pot.Stated(cuts_kt=(("A", 1.0), ("A", 2.0))),
        f"Stated: found 2 of cut of 'A'; {ONCE}",
    ),
    "a tenth of what has no end": (
        lambda: pot.solve(
            dataclasses.replace(
                TWO, plants=(dataclasses.replace(TWO.plants[0], capacity_kt=math.inf, running_kt=math.inf),)
            ).under(cut("A"))
        ),
        "agreement, signatories: found unlimited capacity of 'A'; needed a finite capacity_kt.",
    ),
    "an input twice": (
        lambda: pot.Plant(name="A", firm="A", capacity_kt=1.0, inputs=(COAL, COAL)),
        f"Plant 'A': found 2 of input 'coal'; {ONCE}",
    ),
    "more runs than was built": (
        lambda: pot.cost_curve(
            dataclasses.replace(CASE.industry, plants=(dataclasses.replace(TWO.plants[0], running_kt=20.0),))
        ),
        "plant 'A': found capacity 9, running 20, commissioning 0 kt/year; needed 0 or more, and running plus "
        "commissioning within capacity.",
    ),
    "a flat line": (
        lambda: pot.LinearDemand.from_line(intercept_per_t=10.0, slope_per_kt=0.0),
        "LinearDemand.from_line, slope_per_kt: found 0; needed a number above 0.",
    ),
    "a line in quotes": (
        lambda: pot.LinearDemand.from_line(intercept_per_t="10", slope_per_kt=1.0),
        "LinearDemand.from_line, intercept_per_t: found '10'; needed a number above 0. Write 10, without quotes.",
    ),
    "no elasticity in space": (
        lambda: pot.LocalDemand.calibrated(
            product="metal", place="west", price_per_t=1.0, quantity_kt=1.0, elasticity=0.0
        ),
        "LocalDemand.calibrated, elasticity: found 0; needed a number above 0.",
    ),
    "an owner who is owned": (
        lambda: dataclasses.replace(TWO, firms=(pot.Firm(name="A", owner="B"), pot.Firm(name="B", owner="C"))),
        "Industry 't': found owner 'B' of firm 'A', itself owned by 'C'; needed the owner that decides for both.",
    ),
    "a slope without a parity": (
        lambda: pot.Trade(import_supply_slope_kt_per_price=2.0),
        "trade.import_supply_slope_kt_per_price: found no trade.parity; needed an import parity. Imports begin at "
        "parity: give `trade.parity`.",
    ),
    "a spread without a parity": (
        lambda: pot.Trade(headroom_spread_per_t=2.0),
        "trade.headroom_spread_per_t: found no trade.parity; needed an import parity. Imports begin at parity: give "
        "`trade.parity`.",
    ),
    "a spread beside tranches": (
        lambda: pot.Trade(parity=PARITY, tranches=(pot.Tranche(price_per_t=7.0),), headroom_spread_per_t=1.0),
        "trade: found headroom_spread_per_t beside trade.tranches; needed one of the two. Tranches are a supply of "
        "imports of their own, each a step.",
    ),
    "a slope stated and derived": (
        lambda: pot.Trade(parity=PARITY, import_supply_slope_kt_per_price=2.0, rest_of_world=ABROAD),
        "trade: found import_supply_slope_kt_per_price beside rest_of_world; needed one of the two. The slope follows "
        "from the other.",
    ),
    "an elasticity at no price": (
        lambda: pot.Trade(parity=dataclasses.replace(PARITY, fob_usd_per_t=0.0), rest_of_world=ABROAD),
        "trade.rest_of_world: found trade.parity.fob_usd_per_t 0; needed a price abroad above 0. Its elasticity is "
        "taken there.",
    ),
    "a slope below 0": (
        lambda: pot.Trade(parity=PARITY, import_supply_slope_kt_per_price=-2.0),
        "Trade, import_supply_slope_kt_per_price: found -2; needed a number of 0 or more, or inf for no limit.",
    ),
    "a spread where demand is curved": (
        lambda: dataclasses.replace(
            TWO,
            demand=pot.IsoelasticDemand(price_per_t=5.0, quantity_kt=9.0, elasticity=0.5),
            trade=pot.Trade(parity=PARITY, headroom_spread_per_t=1.0),
        ),
        "trade.headroom_spread_per_t: found 1 with isoelastic demand; needed linear demand. Or set the spread to 0.",
    ),
    "rising imports in whole lines": (
        lambda: pot.solve_lines(
            dataclasses.replace(TWO, trade=pot.Trade(parity=PARITY, import_supply_slope_kt_per_price=2.0)), unit_kt=1.0
        ),
        "trade: found import price 6, export floor -inf; needed none between -8 and 10, the prices lines can bring "
        "about. Remove trade, or use solve(), where lines are divisible.",
    ),
    "support where no plant stands": (
        lambda: TWO.under(pot.PowerSubsidy(name="s", government="Henan", support_per_kwh=0.1)),
        "policy 's': found government 'Henan' without a plant; needed a government with plants, or plants=(...). "
        "Known: none.",
    ),
    "support for no plant": (
        lambda: TWO.under(pot.PowerSubsidy(name="s", government="", support_per_kwh=0.1, plants=("C",))),
        "policy 's', plants: found 'C'; needed a plant. There are: A, B.",
    ),
    "a restart below the stop": (
        lambda: pot.StopAndRestart(stop_per_t=(1.0, 5.0), restart_per_t=(2.0, 1.0)),
        "StopAndRestart: found stop 5 above restart 1 at place 2; needed a stop no higher than the restart.",
    ),
    "more stops than restarts": (
        lambda: pot.StopAndRestart(stop_per_t=(1.0, 5.0), restart_per_t=(2.0,)),
        "StopAndRestart: found 2 and 1 prices; needed as many of the one as of the other.",
    ),
    "a set where the order matters": (
        lambda: pot.Sequential(order={"A", "B"}),
        "Sequential, order: found a set; needed a text or a tuple of texts. A set has no order: write it as a tuple.",
    ),
    "nobody's institutions": (
        lambda: pot.institution_share(CASE, ()),
        "institution_share, institutions: found none; needed one institution or more.",
    ),
    "too many draws": (
        lambda: pot.agreement_share(CASE, draws=2**40),
        "agreement_share, draws: found 1099511627776; needed a whole number from 8 to 131072.",
    ),
    "lines of nothing": (
        lambda: pot.solve_lines(TWO, unit_kt=1e-6),
        "solve_lines, unit_kt: found 1e-06, 18000000 units; needed 1000000 units or fewer in all plants together. "
        "Choose a larger unit_kt.",
    ),
    "who sits there twice": (
        lambda: dataclasses.replace(TABLE, firms=("A", "A")),
        f"Meeting: found 2 of firm 'A'; {ONCE}",
    ),
    "a day that is none": (
        lambda: dataclasses.replace(TABLE, date="2013-13"),
        f"Meeting, date: found '2013-13'; {DATE}",
    ),
    "a month of a policy that is none": (
        lambda: pot.PowerSubsidy(name="s", government="", support_per_kwh=0.1, start="soon"),
        f"PowerSubsidy 's', start: found 'soon'; {DATE}",
    ),
    "a range the wrong way round": (
        lambda: pot.Factor(name="f", path="discount_rate", low=2.0, central=1.0, high=3.0),
        "Factor 'f': found 1 in 2..3; needed low <= central <= high.",
    ),
    "an input's range the wrong way round": (
        lambda: pot.InputRange(input="discount_rate", low=2.0, high=1.0),
        "InputRange 'discount_rate': found 2..1; needed low <= high.",
    ),
    "an interval the wrong way round": (
        lambda: pot.Interval(central=1.0, low=2.0, high=0.0),
        "Interval: found 1 in 2..0; needed low <= value <= high.",
    ),
    "a claim outside its range": (
        lambda: pot.Claim(path="x", value=4.0, low=2.0, high=3.0, unit="1", vat="none", source="", standing="assumed"),
        "Claim 'x': found 4 in 2..3; needed low <= value <= high.",
    ),
    "a series of unequal lists": (
        lambda: pot.Series(
            name="lme",
            unit="USD/t",
            vat="none",
            months=("2013-02", "2013-01"),
            values=(1.0,),
            lows=(1.0, 1.0),
            highs=(1.0, 1.0),
        ),
        "Series 'lme', values: found 1 numbers; needed 2, one for each month.\n"
        "Series 'lme', months: found months out of order; needed rising ones.",
    ),
    "stages of nothing": (
        lambda: pot.Successive(stages=()),
        "Successive, stages: found none; needed one stage or more.",
    ),
    "a stage of price takers": (
        lambda: pot.solve(NETWORK, stage="metal"),
        "stage: found 'metal' beside Competitive; needed no stage: it says where the market power of Cournot, "
        "Conjectural or Cartel sits.",
    ),
    "the price of what is not there": (
        lambda: price("metals", "west"),
        "price, product: found 'metals'; needed a product of the network. Did you mean 'metal'?",
    ),
    "the price where nothing is": (
        lambda: price("metal", "north"),
        "price, place: found 'north'; needed a place of the network. There are: west.",
    ),
    "the price when nothing is": (
        lambda: price("metal", "west", 5),
        "price, period: found 5; needed a whole number from 0 to 0.",
    ),
    "a case where nothing can be written": (
        lambda: pot.new("/proc/mine"),
        "/proc/mine: found a place where nothing can be written (No such file or directory); needed a folder of yours. "
        "Choose another place.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name):
    asked, words = REFUSED[name]
    with pytest.raises(pot.InputError) as caught:
        asked()
    assert str(caught.value) == words


def test_what_is_given_once_is_taken():
    assert cut("A", rule=pot.Stated(cuts_kt=(("A", 1.0),))).rule.cuts_kt == (("A", 1.0),)
    assert pot.Interval(central=math.nan, low=0.0, high=1.0).is_range
    assert dataclasses.replace(TWO, firms=(pot.Firm(name="A", owner="B"), pot.Firm(name="B"))).owners == ("B",)
    assert len(pot.StopAndRestart(stop_per_t=(5.0,), restart_per_t=(5.0,)).stop_per_t) == 1
