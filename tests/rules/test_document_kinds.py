"""Which kinds of documents each side posts."""

from app.cases.document_kinds import goes_by_file_name, posted_kinds, register


def test_the_offices_own_kinds_stand_before_another_paper() -> None:
    register("test", {"letter": "Письмо", "other": "Иной документ"})
    found = posted_kinds("test", own={"own-1": "Технические условия"})
    assert list(found.values()) == ["Письмо", "Технические условия", "Иной документ"]


def test_a_supplier_posts_the_same_kinds_everywhere_and_none_of_the_companys() -> None:
    register("test", {"letter": "Письмо"})
    found = posted_kinds("test", "supplier", {"own-1": "Технические условия"})
    assert list(found.values()) == ["Договор ЭСО", "Письмо", "Другое"]
    assert not {"letter", "own-1"} & set(found)


def test_another_paper_goes_by_the_name_of_its_file() -> None:
    assert [goes_by_file_name(kind) for kind in ("other", "supplier_other", "letter")] == [True, True, False]
