"""`flask setup`: asks, checks, keeps; the same from options for scripts."""

import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.accounts.queries import roles_of
from app.cli import mail_files
from app.company import queries as company
from app.config import Config
from app.errors import InvalidValue
from app.extensions import db
from app.journal.models import JournalEntry
from app.journal.queries import broken_links
from tests.databases import SECRET_KEY, SqliteDatabases, close, config_for
from tests.factories import PASSWORD
from tests.unchanged import unchanged

ADMINISTRATOR = (
    "--admin-email=admin@example.org",
    "--admin-last-name=Карпов",
    "--admin-first-name=Игорь",
    "--admin-middle-name=Львович",
)


def setup(app: Flask, *options: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["setup", *options], input=typed)


def settings(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return dict(company.profile().settings)


def administrators(app: Flask) -> list[str]:
    with app.app_context():
        users = db.session.scalars(select(User).order_by(User.id))
        return [user.name for user in users if "administrator" in roles_of(user.id)]


def again(app: Flask) -> Config:
    """The settings that a restarted site would have."""
    here = str(app.extensions["config"].instance_path)
    return Config.from_environment({"INSTANCE_PATH": here, "SECRET_KEY": SECRET_KEY})


def test_everything_can_be_given_by_options(app: Flask) -> None:
    result = setup(
        app,
        "--name=АО «Северные сети»",
        "--inn=4174873890",
        "--zone=Asia/Omsk",
        "--phone=8 800 555-00-00",
        "--mail-url=smtp://mail.example.org:25",
        "--mail-from=lk@example.org",
        *ADMINISTRATOR,
        "--password-stdin",
        typed=PASSWORD + "\n",
    )
    assert result.exit_code == 0, result.output
    found = settings(app)
    assert (found["company.name"], found["company.inn"]) == ("АО «Северные сети»", "4174873890")
    assert (found["company.zone"], found["company.zone_label"]) == ("Asia/Omsk", "МСК+3")
    assert administrators(app) == ["Карпов Игорь Львович"]
    assert PASSWORD not in result.output
    with app.app_context():
        assert list(broken_links()) == []


def test_what_is_not_named_stays(app: Flask) -> None:
    before = settings(app)
    result = setup(app, "--hours=по будням", "--no-input")
    assert result.exit_code == 0
    assert settings(app) == {**before, "company.hours": "по будням"}
    assert "Администратора пока нет" in result.output


def test_a_second_run_with_the_same_options_changes_nothing(app: Flask) -> None:
    options = ("--name=АО «Северные сети»", *ADMINISTRATOR, "--password-stdin")
    setup(app, *options, typed=PASSWORD + "\n")
    with unchanged(app):
        result = setup(app, *options, typed=PASSWORD + "\n")
    assert result.exit_code == 0
    assert "Администратор admin@example.org уже есть" in result.output


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--name=-", "Наименование: заполните это поле"),
        ("--inn=4174873891", "контрольная цифра"),
        ("--zone=МСК", "часовой пояс"),
        ("--phone=звоните", "один номер цифрами"),
        ("--mail-url=http://mail.example.org", "MAIL_URL должен быть вида"),
        ("--mail-url=smtp://user:secret@mail.example.org", "пароль ушел бы по сети открытым"),
        ("--mail-from=lk", "Введите адрес вида"),
        ("--admin-email=admin", "Введите адрес вида"),
    ],
)
def test_a_wrong_option_is_refused_with_the_reason(app: Flask, option: str, sentence: str) -> None:
    before = settings(app)
    result = setup(app, option, "--no-input")
    assert result.exit_code == 1
    assert sentence in result.output
    assert (settings(app), administrators(app)) == (before, [])
    assert not (app.extensions["config"].instance_path / "mail_url").exists()


def test_a_password_that_will_not_do_makes_no_administrator(app: Flask) -> None:
    result = setup(app, *ADMINISTRATOR, "--password-stdin", typed="12345678\n")
    assert result.exit_code == 1
    assert "слишком известен" in result.output
    assert administrators(app) == []


def test_a_person_is_shown_what_is_there_and_asked_again_until_it_is_right(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = iter(["12345678", "12345678", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(passwords))
    typed = [
        "АО «Северные сети»",
        "123",  # refused
        "4174873890",
        *[""] * 3,  # КПП, ОГРН, юридический адрес
        "-",  # the address of the office goes
        *[""] * 3,  # phone, hours, zone stay
        "",  # no mail server
        "",
        "admin@",  # refused
        "admin@example.org",
        "Карпов",
        "Игорь",
        "",
        "",
        "y",
    ]
    result = setup(app, typed="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    assert "Телефон [8 800 000-00-00]" in result.output
    assert "Введите 10 цифр ИНН, у вас 3." in result.output
    found = settings(app)
    assert (found["company.name"], found["company.inn"]) == ("АО «Северные сети»", "4174873890")
    assert (found["company.address"], found["company.phone"]) == ("", "8 800 000-00-00")
    assert administrators(app) == ["Карпов Игорь"]
    with app.app_context():
        user = db.session.scalars(select(User)).one()
        assert roles_of(user.id) == {"administrator", "operator"}


def test_a_second_administrator_comes_only_when_wanted(app: Flask) -> None:
    setup(app, *ADMINISTRATOR, "--password-stdin", typed=PASSWORD + "\n")
    nothing = "\n" * 11
    result = setup(app, typed=nothing + "n\n")
    assert result.exit_code == 0, result.output
    assert "Администраторы: Карпов Игорь Львович." in result.output
    second = [one.replace("admin@", "second@").replace("Карпов", "Сергеев") for one in ADMINISTRATOR]
    setup(app, *second, "--password-stdin", typed=PASSWORD + "\n")
    assert administrators(app) == ["Карпов Игорь Львович", "Сергеев Игорь Львович"]


def test_the_mail_server_is_kept_beside_the_key_for_the_owner_alone_and_read_at_the_next_start(
    app: Flask,
) -> None:
    url = "smtps://lk:se%40cret@mail.example.org"
    result = setup(app, f"--mail-url={url}", "--mail-from=lk@example.org", "--no-input")
    assert "Перезапустите сайт" in result.output
    assert "se%40cret" not in result.output
    path: Path = app.extensions["config"].instance_path / "mail_url"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (again(app).mail_url, again(app).mail_from) == (url, "lk@example.org")
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
        assert entry is not None
        assert (entry.kind, entry.body) == (
            "mail_server_changed",
            {"server": ["", "smtps://mail.example.org"]},
        )


def test_a_dash_takes_the_mail_server_away(app: Flask) -> None:
    setup(app, "--mail-url=smtp://mail.example.org", "--no-input")
    setup(app, "--mail-url=-", "--no-input")
    assert again(app).mail_url == ""
    assert not (app.extensions["config"].instance_path / "mail_url").exists()


def test_the_environment_wins_over_what_setup_has_kept(app: Flask) -> None:
    setup(app, "--mail-url=smtp://mail.example.org", "--no-input")
    here = str(app.extensions["config"].instance_path)
    base = {"INSTANCE_PATH": here, "SECRET_KEY": SECRET_KEY}
    assert Config.from_environment({**base, "MAIL_URL": ""}).mail_url == ""
    assert Config.from_environment({**base, "MAIL_URL": "smtp://other"}).mail_url == "smtp://other"


def test_an_empty_database_gets_its_tables_first(sqlite: SqliteDatabases, tmp_path: Path) -> None:
    made = create_app(config_for(sqlite.empty(), tmp_path / "instance"))
    result = setup(made, "--name=АО «Северные сети»", *ADMINISTRATOR, "--password-stdin", typed=PASSWORD)
    assert result.exit_code == 0, result.output
    assert settings(made)["company.name"] == "АО «Северные сети»"
    assert administrators(made) == ["Карпов Игорь Львович"]
    close(made)


@pytest.mark.parametrize(
    "text", ["smtp://", "smtp://x:y:z", "smtp://host name", "smtp://хост", "mail.example.org"]
)
def test_what_is_no_mail_server_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        mail_files.parse_server(text)
