"""What stands in the headers of a letter comes out of them as it went in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr

from hypothesis import given, settings
from hypothesis import strategies as st

from app.gateways.email import Letter, as_email

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
WORDS = st.lists(
    st.sampled_from(
        [
            "АО",
            "ООО",
            "«Южные",
            "сети»",
            "электроснабжению",
            "№",
            "299",
            "12,",
            "-",
            "Co.",
            "Северо-Западные",
            '"КЭС"',
        ]
    ),
    min_size=1,
    max_size=14,
).map(" ".join)


def written(header: str) -> str:
    return str(make_header(decode_header(header.replace("\r\n", ""))))


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_the_senders_name_and_the_subject_keep_every_space(name: str, subject: str) -> None:
    letter = Letter(
        address="ivanov@example.org",
        sender_name=name,
        subject=subject,
        body="Здравствуйте!",
        message_id="<1@lk.example.org>",
    )
    sent = as_email(letter, sender="cabinet@example.org", at=AT).as_bytes()
    read = message_from_bytes(sent)
    assert written(read["Subject"]) == subject
    sender, address = parseaddr(read["From"].replace("\r\n", ""))
    assert (str(make_header(decode_header(sender))), address) == (name, "cabinet@example.org")
    assert all(len(line) <= 78 for line in sent.split(b"\r\n"))
