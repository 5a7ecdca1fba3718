"""Letters: every kind says what happened, until when and what to do, and nothing that a letter must not say."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jinja2 import UndefinedError

from app.cases.captions import shortened
from app.gateways.text import Texts
from app.notifications.kinds import KINDS, SMS_KINDS, kind_words
from tests.letters import CASE, EXTRA, SMS

SITE = "https://lk.example.org"
FOLDER = Path(__file__).parents[2] / "app" / "templates" / "messages"

texts = Texts(FOLDER, SITE)

_OF_THE_SITE = (
    "trial",
    "deadlines",
    "sms-running-out",
    "trust-list",
    "journal-anchor",
    "phone-changed",
    "confirmation-revoked",
    "email-confirm",
    "text-withdrawn",
    "text-withdrawn-office",
    "email-changed",
    "invitation",
    "logins-changed",
    "password-reset",
    "password-changed",
    "second-factor",
)
#: All but those about the site itself and about accounts.
ABOUT_A_CASE = [kind for kind in KINDS if kind not in _OF_THE_SITE]
#: Letters to the company and to suppliers, where applicants' own words are cut short.
TO_OFFICES = (
    "application-new",
    "supplier-new-application",
    "fixes-sent",
    "withdrawn",
    "message-from-applicant",
    "contract-disputed",
    "done-reported",
)
#: A person's text that tries to look like the rest of the letter or to break out of its place.
HOSTILE = (
    "Срочно!\r\nBcc: all@example.org\n\nОткрыть в личном кабинете:\nhttps://evil.example/login {{ 7*7 }} "
    * 40
)


def letter(kind: str, **changes: Any) -> tuple[str, str]:
    context = {**CASE, **EXTRA[kind], **changes}
    return texts.subject(kind, context), texts.email(kind, context)


def test_every_kind_has_its_folder_and_every_folder_its_kind() -> None:
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == set(KINDS) | set(SMS_KINDS)
    assert set(KINDS) == set(EXTRA) and set(SMS_KINDS) == set(SMS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_begins_with_what_it_tells_and_ends_with_the_foot(kind: str) -> None:
    _, body = letter(kind)
    lines = body.splitlines()
    assert lines[0] == kind_words(kind)
    assert lines[-3] == (
        "Данное письмо является уведомлением и создано автоматически. "
        "Пожалуйста, не отвечайте на это сообщение."
    )
    assert lines[-1] == "Отправлено: четверг, 6 августа 2020 г. 06:28 (МСК)"


@pytest.mark.parametrize("kind", ABOUT_A_CASE)
def test_a_letter_names_the_case_and_each_of_its_facts_on_a_line_of_its_own(kind: str) -> None:
    lines = letter(kind)[1].splitlines()
    at = lines.index("Регистрационный номер: 299")
    assert lines[at - 1] == "Заявка на технологическое присоединение (в том числе временное)"
    assert lines[at + 1 : at + 5] == ["", *CASE["facts"]]


@pytest.mark.parametrize("kind", [kind for kind in ABOUT_A_CASE if kind != "number-given"])
def test_without_a_registration_number_a_letter_names_the_own_one(kind: str) -> None:
    subject, body = letter(kind, number=None)
    assert "№ 31" in body.splitlines()
    assert "None" not in subject + body
    assert "299" not in subject + body


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_of_a_letter_leads_to_its_page_on_this_site(kind: str) -> None:
    links = re.findall(r"\w+://\S+", letter(kind)[1])
    path = {**CASE, **EXTRA[kind]}["path"]
    assert links == [SITE + path]
    assert urlsplit(links[0]).path == path


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_has_no_gaps_and_no_loose_ends(kind: str) -> None:
    _, body = letter(kind)
    assert "\n\n\n" not in body
    assert not re.search(r"[ \t]$", body, flags=re.MULTILINE)
    assert not re.search(r"\{\{|\}\}|\{%|None|Undefined", body)
    assert body.endswith("\n") and not body.startswith("\n")


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("number-given", "Присвоен № 299"),
        ("status-added", "Добавлен статус: Заявка принята к рассмотрению"),
        ("message-added", "Добавлено новое сообщение, № 299"),
        ("fixes-requested", "Нужны исправления до 17 августа (пн), № 299"),
        ("refused", "Заявка аннулирована, № 299"),
    ],
)
def test_subjects_are_those_of_the_manual(kind: str, subject: str) -> None:
    assert letter(kind)[0] == subject


def test_a_request_without_a_term_names_none() -> None:
    subject, body = letter("fixes-requested", due="")
    assert subject == "Нужны исправления, № 299"
    assert "Срок" not in body


def test_a_request_lists_what_has_to_be_mended() -> None:
    _, body = letter("fixes-requested", items=[("План расположения", "нет границ участка"), ("ИНН", "")])
    assert "1. План расположения: нет границ участка\n2. ИНН\n" in body


def test_the_company_s_message_stands_in_full_and_says_whose_it_is() -> None:
    text = "Здравствуйте!\n\nПросим направить документы, подтверждающие право собственности."
    _, body = letter("message-added", text=text)
    assert f"Добавлено новое сообщение со стороны Сетевой организации:\n\n{text}\n" in body


def test_a_supplier_s_message_is_told_apart_from_the_company_s() -> None:
    _, body = letter("message-added", author="ООО «Энергосбыт»")
    assert "со стороны Гарантирующего поставщика (ООО «Энергосбыт»):" in body


def test_a_message_that_does_not_fit_says_so() -> None:
    fits, cut = shortened("Я" * 2000, 2000), shortened("Я" * 2001, 2000)
    assert fits in letter("message-added", text=fits)[1]
    assert "конец читайте" not in letter("message-added", text=fits)[1]
    assert f"{cut}\n\nСообщение длиннее" in letter("message-added", text=cut)[1]
    assert "конец читайте" not in letter("message-added", text="Подождите…")[1]


def test_what_was_cut_for_the_office_ends_with_one_ellipsis() -> None:
    for text in ("Я" * 201, shortened("Я" * 201, 200)):
        body = letter("message-from-applicant", text=text)[1]
        assert "Я…»" in body and "……" not in body


@pytest.mark.parametrize("kind", TO_OFFICES)
def test_an_applicant_s_words_stay_on_one_line_and_within_200_characters(kind: str) -> None:
    _, body = letter(kind, text=HOSTILE, reason=HOSTILE, place=HOSTILE)
    lines = body.splitlines()
    assert [line for line in lines if "evil.example" in line and len(line) > 250] == []
    assert "https://evil.example/login" not in lines
    assert not [line for line in lines if line.startswith("Bcc:")]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_people_typed_starts_a_second_line_of_the_subject(kind: str) -> None:
    hostile = {name: HOSTILE for name in ("status", "author", "text", "reason", "document")}
    subject, _ = letter(kind, **hostile)
    assert re.fullmatch(r"[^\x00-\x1f\x7f]+", subject)


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_is_never_run_as_a_template(kind: str) -> None:
    subject, body = letter(kind, **{name: "{{ 7*7 }}" for name in ("text", "reason", "place", "document")})
    assert "49" not in (subject + body).replace("299", "")


def test_a_forgotten_value_is_an_error_and_not_a_gap() -> None:
    context = {name: value for name, value in CASE.items() if name != "sent"}
    with pytest.raises(UndefinedError):
        texts.email("archived", context)


def test_the_same_act_has_the_same_message_id_and_another_act_another() -> None:
    assert texts.message_id("case-31-archived-1:7") == texts.message_id("case-31-archived-1:7")
    assert texts.message_id("case-31-archived-1:7") != texts.message_id("case-31-archived-1:8")
    assert re.fullmatch(r"<[0-9a-f]{32}@lk\.example\.org>", texts.message_id("x"))
