"""Tables of the draws: the share with an agreement, by institution, and every draw."""

from __future__ import annotations

__all__ = ["draws_table", "institution_sentence", "institution_table", "share_table"]

from potline.agreement import AgreementShare, InstitutionShare
from potline.report.table import Column, Table
from potline.report.tables.institutions import INSTITUTION_NAMES
from potline.report.words import listing, with_error


def share_table(share: AgreementShare) -> Table:
    """Return the share of draws with an agreement under every set of rules."""
    return Table(
        name="agreement_share",
        title=f"Share of {share.draws:,} draws over the stated input ranges in which an agreement exists.",
        note=f"Seed {share.seed}; standard errors from eight independent scramblings of the Sobol points. Institutions "
        "that look ahead or order are solved draw by draw, so on fewer draws: `potline meeting CASE --look-ahead`.",
        columns=(
            Column(name="institution", label="Institution"),
            Column(name="baseline", label="Baseline"),
            Column(name="leaving", label="When one leaves"),
            Column(name="share", label="Share", unit="share", digits=3),
            Column(name="standard_error", label="Standard error", unit="share", digits=3),
            Column(name="bound_95", label="95 % bound where 0 or 1", unit="share", digits=3),
            Column(name="infeasible_share", label="Infeasible", unit="share", digits=3),
        ),
        rows=tuple(
            (
                INSTITUTION_NAMES[institution],
                baseline,
                leaving,
                float(share.share[b, way, k]),
                float(share.error[b, way, k]),
                float(share.bound[b, way, k]),
                float(share.infeasible[b]),
            )
            for b, baseline in enumerate(share.baselines)
            for way, leaving in enumerate(share.leaving)
            for k, institution in enumerate(share.institutions)
        ),
    )


def draws_table(share: AgreementShare, currency: str) -> Table:
    """Return every draw: its inputs and the margins of the headline's baseline, others keeping their cut."""
    cur = currency.lower()
    return Table(
        name="draws",
        title="Every draw: inputs as drawn, without VAT, and margins where the others keep their cut.",
        columns=(
            Column(name="draw", label="Draw"),
            *(Column(name=name, label=name, digits=4) for name in share.factor_names),
            *(
                Column(
                    name=f"{name}_margin_m_{cur}_per_year",
                    label=INSTITUTION_NAMES[name].capitalize(),
                    unit=f"m {currency}/year",
                )
                for name in share.institutions
            ),
        ),
        rows=tuple(
            (
                row,
                *(float(value) for value in share.factors[row]),
                *(float(value) for value in share.margin_m_per_year[row, 0, 0]),
            )
            for row in range(share.draws)
        ),
    )


def institution_table(share: InstitutionShare) -> Table:
    """Return the share of draws with an agreement under institutions that look ahead or order."""
    return Table(
        name="institution_share",
        title=f"Share of {share.draws:,} draws over the stated input ranges in which other institutions agree.",
        note=f"Seed {share.seed}. Whether others keep their cut when one leaves plays no part in them.",
        columns=(
            Column(name="institution", label="Institution"),
            Column(name="baseline", label="Baseline"),
            Column(name="share", label="Share", unit="share", digits=3),
            Column(name="standard_error", label="Standard error", unit="share", digits=3),
            Column(name="bound_95", label="95 % bound where 0 or 1", unit="share", digits=3),
            Column(name="settled_share", label="Outcome certain", unit="share", digits=3),
        ),
        rows=tuple(
            (
                institution,
                baseline,
                float(share.share[b, k]),
                float(share.error[b, k]),
                float(share.bound[b, k]),
                float(share.settled[b, k]),
            )
            for b, baseline in enumerate(share.baselines)
            for k, institution in enumerate(share.institutions)
        ),
    )


def institution_sentence(share: InstitutionShare) -> str:
    """Say in what share of the draws each of the other institutions brings an agreement, from what runs today."""
    said = [
        f"{name} in {with_error(float(share.share[0, k]), float(share.error[0, k]), float(share.bound[0, k]))}"
        for k, name in enumerate(share.institutions)
    ]
    return f"Of {share.draws:,} draws other institutions bring an agreement: {listing(said)}."
