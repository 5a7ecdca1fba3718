"""Who acts: a plain value that routes, jobs and commands hand to actions. Pure; knows no subject."""

from dataclasses import dataclass

APPLICANT = "applicant"
OPERATOR = "operator"
SIGNATORY = "signatory"
ADMINISTRATOR = "administrator"
SUPPLIER = "supplier"

#: Roles whose holders work with cases for the company.
STAFF = frozenset({OPERATOR, SIGNATORY})
EVERY_ROLE = frozenset({APPLICANT, OPERATOR, SIGNATORY, ADMINISTRATOR, SUPPLIER})


@dataclass(frozen=True)
class Actor:
    """A signed-in person with their rights as of this request."""

    user_id: int
    name: str
    roles: frozenset[str]
    applicant_ids: frozenset[int] = frozenset()
    supplier_id: int | None = None
    confirmed: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether the person works with cases for the company."""
        return bool(self.roles & STAFF)
