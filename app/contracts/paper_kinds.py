"""The papers that the company makes for a case: what each is called, with which act it goes out, who signs it.

Source: the Rules of technological connection (No. 861) and the sets that grid companies place in the cabinet. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Side = Literal["applicant", "company", "supplier"]

#: The paper that tells what is to be paid: between the applicant and the company.
INVOICE = "invoice"

BOTH = frozenset({"A", "B"})
ONLY_A = frozenset({"A"})
ONLY_B = frozenset({"B"})


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper.

    `moves` are the acts of the lifecycle with which it goes out, `modes` those in which it exists; the act is refused
    while a `required` paper is lacking. `signers` have to sign it, in this order; in mode A the company alone does.
    """

    code: str
    title: str
    moves: frozenset[str]
    modes: frozenset[str] = BOTH
    required: bool = True
    signers: tuple[Side, ...] = ("company",)
    #: Whether the company edits the text it is made from (versions of `document_templates`).
    templated: bool = True


_OFFERS = frozenset({"publish_offer", "publish_contract"})
_ACTS = frozenset({"connect", "publish_act", "replace_act"})

PAPERS: Mapping[str, PaperKind] = MappingProxyType(
    {
        paper.code: paper
        for paper in (
            PaperKind("offer_terms", "Условия типового договора", _OFFERS, ONLY_A),
            PaperKind("contract", "Договор", _OFFERS, ONLY_B, signers=("company", "applicant")),
            PaperKind("conditions", "Технические условия", _OFFERS),
            PaperKind("invoice", "Счет", frozenset({"publish_offer"}), signers=(), templated=False),
            PaperKind(
                "instruction", "Инструкция", frozenset({"publish_offer"}), ONLY_A, required=False, signers=()
            ),
            PaperKind(
                "notice", "Уведомление", frozenset({"publish_offer"}), ONLY_A, required=False, signers=()
            ),
            PaperKind("meter_act", "Акт допуска прибора учета в эксплуатацию", frozenset({"admit_meter"})),
            PaperKind(
                "connection_act",
                "Акт о технологическом присоединении",
                _ACTS,
                signers=("company", "applicant"),
            ),
        )
    }
)

#: Code → title, for pages that list kinds of documents.
PAPER_TITLES: Mapping[str, str] = MappingProxyType({paper.code: paper.title for paper in PAPERS.values()})


def papers_for(move: str, mode: str) -> list[PaperKind]:
    """The papers that go out with an act in this mode, in order."""
    return [paper for paper in PAPERS.values() if move in paper.moves and mode in paper.modes]


def signers_of(paper: PaperKind, mode: str) -> tuple[Side, ...]:
    """Who signs a paper of this kind, in order: in mode A the applicant signs nothing (the Rules, section X)."""
    return tuple(side for side in paper.signers if mode == "B" or side == "company")
