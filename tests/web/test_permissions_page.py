"""docs/permissions.md says what the table of access says, and whose records it names is what people meet."""

import pytest
from django.core.management import call_command

from config.access import READ, TABLE, Policy, Reach
from config.permissions_page import COMMAND, PAGE, WHOSE, addresses, text
from people.models import RoleKind
from tests.web.test_access import OPENED, SEEN

PLAYED = {
    RoleKind.CONTRIBUTOR: "cora",
    RoleKind.LINK: "lena",
    RoleKind.LEAD: "anil",
    RoleKind.HOLDER: "hana",
    RoleKind.PREPARER: "fern",
    RoleKind.APPROVER: "farah",
    RoleKind.AUDITOR: "ada",
    RoleKind.ADMINISTRATOR: "abel",
}
OWN_ONLY = (RoleKind.CONTRIBUTOR, RoleKind.LINK)


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), f"Run {COMMAND} and read what changed."


def test_the_command_writes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Page:
        name = "permissions.md"

        def write_text(self, content: str, encoding: str) -> None:
            written.append(content)

    monkeypatch.setattr("config.management.commands.write_permissions.PAGE", Page())
    call_command("write_permissions")
    assert written == [text()]


def test_a_change_of_the_table_changes_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    before = text()
    monkeypatch.setitem(TABLE, "reports:trail", Policy(Reach.SIGNED_IN, READ))
    assert text() != before


def test_every_address_is_on_the_page_once_with_a_word_of_what_it_is() -> None:
    page = text()
    for address in addresses():
        assert page.count(f"| `{address.path}` |") >= 1
        assert address.about or address.name.startswith(("account_", "mfa_")), address.name
    assert len(addresses()) == len(TABLE)


def test_every_part_is_explained() -> None:
    assert set(WHOSE) == set(RoleKind)


@pytest.mark.parametrize("kind", sorted(PLAYED))
def test_a_page_of_a_part_opens_for_that_part_and_no_other(kind: RoleKind) -> None:
    for name, opened in OPENED.items():
        assert (PLAYED[kind] in opened) is (not TABLE[name].roles or kind in TABLE[name].roles), name


@pytest.mark.parametrize("kind", sorted(PLAYED))
def test_whose_records_each_part_sees_is_as_the_page_says(kind: RoleKind) -> None:
    for name, seen in SEEN.items():
        theirs = seen.get(PLAYED[kind], set())
        assert not theirs or not TABLE[name].roles or kind in TABLE[name].roles, name
        assert "strange" not in theirs, name
        assert kind not in OWN_ONLY or theirs <= {"own"}, name
