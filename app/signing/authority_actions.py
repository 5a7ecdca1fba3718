"""A machine-readable power of attorney: sent by who has signed without the organisation's number, decided by the office."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from app import clock
from app.accounts import queries as accounts
from app.accounts.attempt_steps import Counted, count, refuse_impatience
from app.accounts.steps import claim_key
from app.accounts.throttle import Limit
from app.accounts.throttle import key as digest
from app.actor import Actor
from app.cases.held_case import sender
from app.cases.message_text import clean_line
from app.cases.models import Case, CaseDocument
from app.cases.queries import locked_case, party, require, visible_case
from app.cases.steps import touch
from app.company import queries as company
from app.connections.refusals import collected
from app.documents.file_types import XML
from app.documents.intake import Upload, stored_as
from app.documents.models import DocumentVersion
from app.errors import Conflict, Forbidden, InvalidForm, InvalidValue, NotFound
from app.extensions import db
from app.gateways.cms import Verdict
from app.signing.attempt_steps import refuse as refuse_signature
from app.signing.authority_queries import (
    ACCEPTED,
    WAITING,
    authority_in,
    fits,
    is_over,
    owner_from,
    owners_waiting,
    waiting_signatures,
    why_may_not_judge,
    why_may_not_send,
)
from app.signing.authority_rules import LARGEST_FILE, Authority, read, refuse_unfit, representative_of
from app.signing.authority_steps import close_authority, keep_authority
from app.signing.certificate_models import CertificateAttempt, MachineAuthority
from app.signing.certificate_queries import expected_of, judged, judged_bytes, told_of, whose
from app.signing.certificate_rules import LARGEST_SIGNATURE, NO_LIST, WAITS, sentence_of
from app.signing.certificate_steps import settle
from app.signing.chain_work import remember_chains
from app.signing.letter_steps import tell_side, tell_signed
from app.signing.models import Signature, SignatureSlot
from app.transaction import transaction

LONGEST_REMARK = 1000
OVER = "Срок доверенности кончился {:%d.%m.%Y}, пока она ждала проверки: откажите с этой причиной, пусть приложат другую."
#: Powers of attorney of one person for one case: each is checked by runs of a program.
SENDINGS = Limit("authority-send", 20, timedelta(hours=1))
_NOT_HEADS = (
    "Доверенность подписана не сертификатом организации: ее подписывает руководитель сертификатом, "
    "в котором есть ОГРН."
)

#: What is said otherwise than of a document that was downloaded here.
_OF_POWER = {
    "wrong_document": "Это подпись другого файла: приложите подпись именно этой доверенности, она лежит рядом с XML.",
    "unknown_ca": "Удостоверяющий центр того, кто подписал доверенность, нам неизвестен. Если подпись верная, напишите об "
    "этом в сообщениях обращения.",
}


def send(
    case_id: int, file: Upload | None, signature: bytes, *, by: Actor, at: datetime, key: str = ""
) -> int:
    """Keep a power of attorney with the principal's detached signature for the office to read; its id.

    Checked at once: the form, who gave it, to whom, the days, the signature and whose it is. Raises NotFound, Forbidden,
    Conflict when no signature of the sender's side waits for one, InvalidForm (`xml`, `signature`), TooManyTries.
    """
    case = visible_case(by, case_id)
    _require_waiting(case, by)
    content = file.stream.read(LARGEST_FILE + 1) if file else b""
    authority = _read(case, party(by, case), content, signature, at)
    _count_sending(case_id, by, at)
    verdict = _principals(case, party(by, case), signature, content, at)
    assert file is not None  # noqa: S101 - _read refuses without
    with stored_as(file, XML) as stored, transaction():
        case = locked_case(by, case_id)
        claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at, sent=(stored.stored.sha256,))
        _require_waiting(case, by)
        owners = owners_waiting(case, party(by, case))
        owner = next((one for one in owners if representative_of(authority, one)), None)
        if owner is None:
            raise Conflict
        row = keep_authority(case, stored, authority, owner, verdict, by=by, at=at)
        touch(case, at=at)
        authority_id = row.id
    remember_chains([verdict], at=at)
    return authority_id


def accept(case_id: int, authority_id: int, *, by: Actor, at: datetime, key: str = "") -> None:
    """The office takes a power of attorney; the signatures that waited for it are checked again and decided.

    Raises NotFound, Forbidden (one's own), Conflict (decided already, over, its signature no longer right, no list).
    """
    case = visible_case(by, case_id)
    row = authority_in(case, by, authority_id)
    _refuse_doubtful(_again(row, at))
    verdicts = {one.id: _checked(one, at) for one in waiting_signatures(case, row.party)}
    with transaction():
        case, row = _held(case_id, authority_id, by=by, at=at, key=key)
        _refuse_unfit_now(case, row, at)
        close_authority(case, row, ACCEPTED, by=by, at=at)
        results = _settle(case, row, verdicts, by=by, at=at)
        _tell_decision(case, row, results, at)
        touch(case, at=at)


def refuse(case_id: int, authority_id: int, remark: str, *, by: Actor, at: datetime, key: str = "") -> None:
    """The office does not take it, or one that was accepted no more; the signatures that waited are refused with the remark.

    What was signed stays signed. Raises NotFound, Forbidden (one's own), Conflict, InvalidForm (`remark`).
    """
    try:
        words = clean_line(remark, max_length=LONGEST_REMARK, label="Причина")
    except InvalidValue as error:
        raise InvalidForm({"remark": [error.message]}) from error
    with transaction():
        case, row = _held(case_id, authority_id, by=by, at=at, key=key)
        if row.state not in (WAITING, ACCEPTED):
            raise Conflict("Эту доверенность уже не приняли.")
        waited = row.state == WAITING
        close_authority(case, row, "refused", remark=words, by=by, at=at, stopped=not waited)
        for one in _theirs(case, row) if waited else ():
            sentence = f"Доверенность не приняли: {words}"
            refuse_signature(case, one, "authority_refused", sentence=sentence, at=at, tell=False)
        _tell_decision(case, row, (), at, stopped=not waited)
        touch(case, at=at)


def _count_sending(case_id: int, by: Actor, at: datetime) -> None:
    """Count one that is to be checked, in a transaction of its own: those that are refused count too."""
    counted = [Counted(SENDINGS, digest(str(by.user_id), str(case_id)))]
    with transaction():
        refuse_impatience(counted, at=at)
        count(counted, at=at)


def _require_waiting(case: Case, by: Actor) -> None:
    """Raise what keeps this person from sending a power of attorney here."""
    if not waiting_signatures(case, party(by, case)):
        raise Conflict(
            "Сейчас ни одна подпись не ждет доверенности. Сначала подпишите документ сертификатом."
        )
    if why := why_may_not_send(case, by):
        raise Forbidden(why)


def _read(case: Case, side: str, content: bytes, signature: bytes, at: datetime) -> Authority:
    """The power of attorney, fit for one of the signatures that wait; one InvalidForm with all that is wrong."""
    errors: dict[str, list[str]] = {}
    found: Authority | None = None
    with collected(errors, "xml"):
        if not content:
            raise InvalidValue("Выберите файл доверенности (XML).")
        found = read(content)
        owners, today = owners_waiting(case, side), clock.day_in(company.profile().zone, at)
        refuse_unfit(found, expected_ogrn=expected_of(case, side).ogrn, owners=owners, today=today)
    if not signature:
        errors["signature"] = ["Выберите файл подписи доверенности (.sig): ее ставит руководитель."]
    elif len(signature) > LARGEST_SIGNATURE:
        errors["signature"] = [sentence_of("too_large")]
    if errors or found is None:
        raise InvalidForm(errors)
    return found


def _principals(case: Case, side: str, signature: bytes, content: bytes, at: datetime) -> Verdict:
    """The verdict on the principal's signature: right, and of the party itself. Raises InvalidForm (`signature`)."""
    verdict = judged_bytes(signature, content, at=at)
    if verdict.owner is None or (verdict.code != "ok" and verdict.code not in NO_LIST):
        told = _OF_POWER.get(verdict.code) or f"Подпись доверенности: {sentence_of(verdict.code)}"
        raise InvalidForm({"signature": [told]})
    if whose(verdict.owner, case, side).code != "ok":
        raise InvalidForm({"signature": [_NOT_HEADS]})
    return verdict


def _refuse_unfit_now(case: Case, row: MachineAuthority, at: datetime) -> None:
    """Raise Conflict with what has changed since it was sent, and what to do."""
    if row.state != WAITING:
        raise Conflict("Эту доверенность уже проверили.")
    if is_over(row, at):
        raise Conflict(OVER.format(row.valid_until))
    if row.principal_ogrn != expected_of(case, row.party).ogrn:
        raise Conflict(
            "Номер (ОГРН) того, за кого подписан документ, с тех пор изменился, и доверенность выдал не он: откажите с "
            "этой причиной, отправитель приложит другую."
        )


def _again(row: MachineAuthority, at: datetime) -> Verdict:
    version = db.session.get_one(DocumentVersion, row.document_version_id)
    return judged(row.cms, version, at=at, received=row.sent_at)


def _refuse_doubtful(verdict: Verdict) -> None:
    if verdict.code in NO_LIST:
        raise Conflict(
            "Подпись под доверенностью пока нельзя проверить: нет списка отзыва удостоверяющего центра. "
            "Сайт запрашивает его, попробуйте позже."
        )
    if verdict.code != "ok":
        raise Conflict(f"Подпись под доверенностью теперь не проходит проверку. {sentence_of(verdict.code)}")


def _checked(attempt: CertificateAttempt, at: datetime) -> Verdict:
    slot = db.session.get_one(SignatureSlot, attempt.slot_id)
    document = db.session.get_one(CaseDocument, slot.case_document_id)
    return judged(attempt.cms, document.version, at=at, received=attempt.sent_at)


def _held(
    case_id: int, authority_id: int, *, by: Actor, at: datetime, key: str
) -> tuple[Case, MachineAuthority]:
    case = locked_case(by, case_id)
    require(party(by, case) == "company")
    claim_key(by.user_id, key, url=f"/cases/{case_id}", at=at)
    row = db.session.get(MachineAuthority, authority_id, populate_existing=True, with_for_update=True)
    if row is None or row.case_id != case_id:
        raise NotFound
    if why := why_may_not_judge(row, by):
        raise Forbidden(why)
    return case, row


def _theirs(case: Case, row: MachineAuthority) -> list[CertificateAttempt]:
    """The waiting signatures for which this power of attorney is."""
    return [one for one in waiting_signatures(case, row.party) if fits(row, owner_from(one.verdict["owner"]))]


def _settle(
    case: Case, row: MachineAuthority, verdicts: dict[int, Verdict], *, by: Actor, at: datetime
) -> Sequence[tuple[str, str]]:
    """Decide the signatures that waited; pairs (document, what became of its signature) for the letter."""
    status, signed, results = case.status, list[Signature](), []
    for one in _theirs(case, row):
        if one.id not in verdicts:
            continue  # came in a moment ago: it finds the accepted power of attorney by itself when it is sent again
        signature = settle(case, one, verdicts[one.id], at=at, decided_by=by.user_id, tell=False)
        signed += [signature] if signature else []
        slot = db.session.get_one(SignatureSlot, one.slot_id)
        title = db.session.get_one(CaseDocument, slot.case_document_id).title
        words = WAITS.get(one.state) or (told_of(one) if one.state == "refused" else "подпись принята")
        results.append((title, words))
    if signed:  # whoever sent the power of attorney may not act for the side any more
        by_whom = accounts.actor_of(signed[0].user_id)
        tell_signed(case, signed, status_before=status, by=by_whom, at=at)
    return results


def _tell_decision(
    case: Case,
    row: MachineAuthority,
    results: Sequence[tuple[str, str]],
    at: datetime,
    *,
    stopped: bool = False,
) -> None:
    tell_side(
        case,
        row.party,
        "authority-decided",
        key=f"authority-{row.id}-{row.state}",
        at=at,
        accepted=row.state == ACCEPTED,
        stopped=stopped,
        authority=row.number,
        remark=row.remark,
        results=results,
        **sender(case, "company"),
    )
