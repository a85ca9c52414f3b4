"""Quantities of the record that follow from the chain: where the input is made, moved and bought."""

from __future__ import annotations

__all__ = ["CHAIN", "chain_price_per_t"]

from potline.equilibrium.chain import chain, chain_relief, with_new_capacity, without_ore
from potline.equilibrium.chain.relief import price_moved
from potline.equilibrium.chain.result import ChainResult
from potline.evidence.known import Known, NotComputed, needed
from potline.evidence.quantity import table
from potline.industry import Change, JointCut, ProRata
from potline.units import MONTHS_PER_YEAR


def chain_input_price_per_t(answers: Known, where: str) -> float:
    """Price of the input in the chain, mean by output of the provinces in brackets (joined by +), or of all."""
    return chain_price_per_t(answers, where)


def chain_input_landed_per_t(answers: Known, _: str) -> float:
    """Landed cost of the input at a port in the chain, at the case's price abroad."""
    return _chain(answers).landed_per_t


def chain_input_gap_per_t(answers: Known, where: str) -> float:
    """Landed cost at a port less the price of the supplying provinces in brackets, as the two are quoted."""
    return _chain(answers).landed_per_t - chain_price_per_t(answers, where)


def chain_supplier_operating_share(answers: Known, province: str) -> float:
    """Output over capacity of the suppliers in the chain, all or of the province in brackets."""
    found = _chain(answers)
    return found.place(province).operating_rate if province else found.average_operating_rate


def chain_input_imports_kt_month(answers: Known, _: str) -> float:
    """Imports of the input in the chain, kt a month."""
    return _chain(answers).input_imports_kt / MONTHS_PER_YEAR


def chain_ore_imports_kt(answers: Known, source: str) -> float:
    """Ore from abroad that the chain uses, all or of the source in brackets, kt a year."""
    return sum(used for name, used in _imported_ore(answers) if source in ("", name))


def chain_ore_import_share(answers: Known, source: str) -> float:
    """Share of the source in brackets in the ore from abroad that the chain uses."""
    total = sum(used for _, used in _imported_ore(answers))
    if total <= 0.0:
        raise NotComputed("no_ore_from_abroad")
    return chain_ore_imports_kt(answers, source) / total


def chain_price_change_new_capacity_per_t(answers: Known, where: str) -> float:
    """Change of the price of the input when the capacity of suppliers being added is finished."""
    return _moved(answers, where, *with_new_capacity(answers.case.industry))


def chain_price_change_without_ore_per_t(answers: Known, source: str) -> float:
    """Change of the mean price of the input without the ore of the source in brackets, no stock of ore drawn."""
    return _moved(answers, "", *without_ore(answers.case.industry, source))


def chain_price_change_without_ore_with_stocks_per_t(answers: Known, source: str) -> float:
    """The same with the most that the case gives for ``Port stocks`` drawn in a year."""
    most = next((claim.high for claim in answers.case.claims if claim.path == "ore[Port stocks].capacity_kt"), 0.0)
    return _moved(answers, "", *without_ore(answers.case.industry, source, stocks="Port stocks", stocks_kt=most))


def chain_price_change_share_after_cut(answers: Known, cut_kt: str) -> float:
    """Change of the mean price of the input when those present idle the kt/year in brackets in equal shares, share."""
    base, after = _chain(answers), _after_cut(answers, float(cut_kt))
    return _change(base, after) / base.mean_input_price_per_t()


def chain_imports_change_after_cut_kt(answers: Known, cut_kt: str) -> float:
    """Change of imports of the input after the same cut, kt a year."""
    return _after_cut(answers, float(cut_kt)).input_imports_kt - _chain(answers).input_imports_kt


def chain_cut_undone_share(answers: Known, cut_kt: str) -> float:
    """Output that comes back because the input gets cheaper, over the cut of the kt/year in brackets."""
    found = chain_relief(answers.case.industry, _cut(answers, float(cut_kt)), before=_chain(answers))
    return found.undone_share


def chain_price_per_t(answers: Known, where: str) -> float:
    """Return the price of the input of provinces joined by +, without tax."""
    return _chain(answers).mean_input_price_per_t(*(name.strip() for name in where.split("+") if name.strip()))


def _chain(answers: Known) -> ChainResult:
    found = answers.chain
    if found is None:
        raise NotComputed("no_routes")
    return found


def _imported_ore(answers: Known) -> list[tuple[str, float]]:
    found = _chain(answers)
    abroad = {item.name for item in found.market.ore if item.cif_usd_per_t > 0.0}
    return [(item.source, item.used_kt) for item in found.ore if item.source in abroad]


def _moved(answers: Known, where: str, *changes: Change) -> float:
    base = _chain(answers)
    names = [name.strip() for name in where.split("+") if name.strip()]
    after = chain(answers.case.industry.under(*changes), avoidable=base.avoidable, intervals=False)
    return _change(base, after, *names)


def _change(base: ChainResult, after: ChainResult, *names: str) -> float:
    """Return the change of the price of supplying provinces, mean by output before."""
    now = {item.name: item.input_price_per_t for item in after.places}
    chosen = [item for item in base.places if item.input_made_kt > 0.0 and (not names or item.name in names)]
    total = sum(item.input_made_kt for item in chosen)
    return sum(item.input_made_kt * price_moved(item.input_price_per_t, now[item.name]) for item in chosen) / total


def _cut(answers: Known, cut_kt: float) -> JointCut:
    meeting = answers.case.meeting
    if meeting is None:
        raise NotComputed("no_meeting")
    return JointCut(signatories=meeting.owners, rule=ProRata(total_kt=cut_kt), years=meeting.term_years)


def _after_cut(answers: Known, cut_kt: float) -> ChainResult:
    base, meeting = _chain(answers), answers.case.meeting
    if meeting is not None and cut_kt == meeting.least_cut_kt:
        return needed(answers.relief, "no_cut_for_the_chain").after
    less = answers.case.industry.under(_cut(answers, cut_kt))
    return chain(less, avoidable=base.avoidable, intervals=False)


CHAIN = table(chain_input_landed_per_t, basis="input") | table(
    chain_input_price_per_t,
    chain_input_gap_per_t,
    chain_supplier_operating_share,
    chain_input_imports_kt_month,
    chain_ore_imports_kt,
    chain_ore_import_share,
    chain_price_change_new_capacity_per_t,
    chain_price_change_without_ore_per_t,
    chain_price_change_without_ore_with_stocks_per_t,
    chain_price_change_share_after_cut,
    chain_imports_change_after_cut_kt,
    chain_cut_undone_share,
    costly=True,
)
