"""What the answers say in figures: total power, the facts of the qualification, the way the contract
comes about.

Works over the answers that count (see `answers.py`), never over stored ones: what is hidden must not decide.
"""

from dataclasses import replace
from typing import cast

from app.cases.lifecycle import Mode
from app.company.categories import CLAUSE_12_1, Category
from app.connections.fields import BUSINESS, Answers, Context
from app.connections.form_rules import facts_by_form, reasons_by_form, told_band
from app.connections.power import Band, band
from app.connections.qualification import Facts, Qualification, Reliability, Sources, otherwise, qualify


def total_watts(answers: Answers) -> int | None:
    """New plus earlier connected power in watts; None until both are told."""
    new, existing = answers.get("power_new"), answers.get("power_existing")
    return None if new is None or existing is None else new + existing


def band_in(answers: Answers) -> Band | None:
    """The band of the total power: of the figures, else as the applicant has chosen it; None until it is told."""
    total = total_watts(answers)
    return told_band(answers) if total is None else band(total)


def qualification_in(answers: Answers, context: Context) -> Qualification | None:
    """The computed qualification; None while an answer that it needs is missing."""
    facts = _facts_in(answers, context)
    if facts is None:
        return None
    found = qualify(facts, context.categories)
    if told_band(answers) is None:
        return found
    return replace(found, reasons=reasons_by_form(answers, context, fits=found.fits))


def category_in(answers: Answers, context: Context) -> Category | None:
    """The computed category, another one when the applicant denies that clause; None while it cannot be told.

    The applicant alone decides nothing: «соответствует» against the answers changes nothing.
    """
    facts = _facts_in(answers, context)
    if facts is None:
        return None
    if answers.get("rule_fits") == "no":
        return otherwise(facts, context.categories)
    return qualify(facts, context.categories).category


def mode_in(answers: Answers, context: Context) -> Mode | None:
    """How the contract comes about by the computed category; None while it cannot be told."""
    category = category_in(answers, context)
    return None if category is None else category.mode


def may_pay_by_instalments(answers: Answers, context: Context) -> bool:
    """Whether the fee may be paid by instalments: a business under clause 12(1) with more than 15 kW."""
    if context.legal_form not in BUSINESS:
        return False
    total, qualification = total_watts(answers), qualification_in(answers, context)
    if total is None or qualification is None:
        return False
    return qualification.category.code == CLAUSE_12_1 and band(total) != "upto15"


def _facts_in(answers: Answers, context: Context) -> Facts | None:
    if told_band(answers) is not None:
        return facts_by_form(answers, context)
    total = total_watts(answers)
    if total is None or "connection_type" not in answers or "reliability" not in answers:
        return None
    asked = context.legal_form not in BUSINESS and answers["connection_type"] == "permanent"
    if asked and not {"household", "sources"} <= answers.keys():
        return None
    category = cast(Reliability, int(answers["reliability"]))
    # Where it is not asked, the category tells it: the third needs one source, the others two.
    sources = answers["sources"] if asked else "one" if category == 3 else "two"
    return Facts(
        legal_form=context.legal_form,
        watts_total=total,
        category=category,
        sources=cast(Sources, sources),
        household=answers["household"] == "yes" if asked else None,
        connection_type=answers["connection_type"],
    )
