"""Print the letters that wait: one pack, each letter once, its pages again whenever they are asked for."""

import re
import subprocess
from pathlib import Path

import pytest
from django.db import transaction

from audit.models import Event
from common.errors import DomainError, NotPermitted, NotVisible
from common.pdf.look import Size
from people.formats.letter import Letter, letters_pdf
from people.message_texts import TEXTS, words_for
from people.models import (
    ABOUT_PAYMENTS,
    Channel,
    Message,
    MessageKind,
    Organisation,
    Person,
    PrintPack,
    RoleKind,
)
from people.queries import letters_waiting, packs_visible_to
from people.services import add_person, grant_role
from people.services.messages import mark_told, tell
from people.services.print_packs import LARGEST_PACK, open_pack, print_letters
from people.workflow import MessageStatus
from tests.cast import Cast
from tests.people.messages.conftest import MONDAY, of
from tests.worlds import world


def pages(content: bytes, tmp_path: Path, *options: str) -> list[str]:
    """What another program reads, page by page."""
    file = tmp_path / "pack.pdf"
    file.write_bytes(content)
    found = subprocess.run(["pdftotext", *options, str(file), "-"], capture_output=True, check=True)
    return found.stdout.decode().split("\f")[:-1]


def say(cast: Cast, person: Person, kind: MessageKind = MessageKind.CLAIM_DECIDED) -> Message:
    return tell(
        person=person, organisation=cast.riverside, kind=kind, source=f"test:{kind}", reference="C000041"
    )


def letter(size_of: int = 1) -> Letter:
    words = words_for(
        MessageKind.CLAIM_DECIDED,
        reference="C000041",
        day=MONDAY.date(),
        channel=Channel.POST,
        organisation=Organisation(
            name="Riverside Council",
            help_contact="The help desk",
            appeal_contact="The panel",
            support_contact="The listening line",
        ),
    )
    return Letter(
        sender="Riverside Council",
        name="Pat Post",
        address=("7 Mill Lane", "Riverbend", "RB1 2AB"),
        number="M000123",
        written_on=MONDAY.date(),
        paragraphs=words.paragraphs * size_of,
        contacts=words.contacts,
    )


def test_a_letter_says_who_writes_what_and_whom_to_ask(tmp_path: Path) -> None:
    [page] = pages(letters_pdf([(letter(), Size.STANDARD)]), tmp_path, "-layout")
    for part in ("Riverside Council", "Pat Post", "RB1 2AB", "23 November 2026", "C000041", "Who to ask"):
        assert part in page
    assert "Page 1 of 1" in page


@pytest.mark.parametrize("size", list(Size))
def test_the_window_of_the_envelope_shows_the_address_and_nothing_else(size: Size, tmp_path: Path) -> None:
    window = ("-x", "50", "-y", "130", "-W", "260", "-H", "125")
    [shown, *_] = pages(letters_pdf([(letter(), size)]), tmp_path, *window)
    assert shown.split("\n")[:4] == ["Pat Post", "7 Mill Lane", "Riverbend", "RB1 2AB"]
    assert "claim" not in shown.lower()


def test_large_print_is_large(tmp_path: Path) -> None:
    def height(size: Size) -> float:
        """Of the word "decided" on paper, in points."""
        file = tmp_path / "letter.pdf"
        file.write_bytes(letters_pdf([(letter(), size)]))
        found = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True)
        box = re.search(r'yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">decided', found.stdout.decode())
        assert box
        return float(box[2]) - float(box[1])

    assert height(Size.LARGE) == pytest.approx(1.5 * height(Size.STANDARD), rel=0.01)


def test_each_letter_starts_on_an_odd_page(tmp_path: Path) -> None:
    found = pages(letters_pdf([(letter(), Size.STANDARD), (letter(9), Size.LARGE)] * 2), tmp_path)
    starts = [number for number, page in enumerate(found, start=1) if "A message for you" in page]
    assert len(starts) == 4
    assert all(number % 2 for number in starts)
    assert found[1].strip() == ""


def test_the_same_letters_give_the_same_bytes() -> None:
    assert letters_pdf([(letter(), Size.STANDARD)]) == letters_pdf([(letter(), Size.STANDARD)])


@pytest.mark.parametrize("kind", sorted(MessageKind))
def test_every_kind_makes_a_letter(kind: MessageKind, quiet: Cast, pat: Person, tmp_path: Path) -> None:
    _print_all(quiet)
    say(quiet, pat, kind)
    actor = quiet.fern if kind in ABOUT_PAYMENTS else quiet.abel
    pack = print_letters(actor=actor, organisation=quiet.riverside)
    text = " ".join("".join(pages(open_pack(actor=actor, pack_id=pack.pk), tmp_path)).split())
    assert TEXTS[kind].letter in text


def _print_all(cast: Cast) -> PrintPack:
    """What the people of the fixtures were told when they were set up."""
    return print_letters(actor=cast.abel, organisation=cast.riverside)


@world
def posted(quiet: Cast, pat: Person, lola: Person, phil: Person) -> Cast:
    """Pat and Lola have one letter each to come, Phil a call and Cora an e-mail."""
    _print_all(quiet)
    for person in (pat, lola, phil, quiet.cora):
        say(quiet, person)
    return quiet


def test_it_prints_the_letters_that_wait_and_marks_them(
    posted: Cast, pat: Person, lola: Person, phil: Person
) -> None:
    pack = print_letters(actor=posted.abel, organisation=posted.riverside)
    assert pack.count == 2
    for person in (pat, lola):
        message = of(person, "test:claim_decided")
        assert (message.status, message.pack, message.done_at) == (MessageStatus.PRINTED, pack, MONDAY)
    for person in (phil, posted.cora):
        assert of(person, "test:claim_decided").status == MessageStatus.WAITING


def test_a_pack_has_each_letter_in_the_size_its_reader_asked_for(posted: Cast, tmp_path: Path) -> None:
    pack = print_letters(actor=posted.abel, organisation=posted.riverside)
    found = pages(open_pack(actor=posted.abel, pack_id=pack.pk), tmp_path)
    assert "Hello Pat Post," in found[0]
    assert any("Hello Lola Large," in page for page in found[2:3])


def test_no_letter_is_printed_twice(posted: Cast) -> None:
    print_letters(actor=posted.abel, organisation=posted.riverside)
    with pytest.raises(DomainError, match="no letters"):
        print_letters(actor=posted.abel, organisation=posted.riverside)


def test_the_same_key_gives_the_same_pack(posted: Cast) -> None:
    first = print_letters(actor=posted.abel, organisation=posted.riverside, key="k")
    assert print_letters(actor=posted.abel, organisation=posted.riverside, key="k") == first


def test_a_failure_leaves_the_letters_waiting(posted: Cast, pat: Person) -> None:
    def breaks() -> None:
        print_letters(actor=posted.abel, organisation=posted.riverside)
        raise ZeroDivisionError

    packs = PrintPack.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        breaks()
    assert of(pat, "test:claim_decided").status == MessageStatus.WAITING
    assert PrintPack.objects.count() == packs


def test_a_pack_can_be_opened_again_and_each_look_is_recorded(posted: Cast) -> None:
    pack = print_letters(actor=posted.abel, organisation=posted.riverside)
    first = open_pack(actor=posted.abel, pack_id=pack.pk)
    assert open_pack(actor=posted.abel, pack_id=pack.pk) == first
    looks = Event.objects.filter(action="letters:opened", subject_id=pack.pk, actor_id=posted.abel.pk)
    assert looks.count() == 2
    assert Event.objects.filter(action="letters:printed", subject_id=pack.pk).count() == 1


def test_a_pack_has_a_largest_size(posted: Cast, pat: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LARGEST_PACK == 500
    monkeypatch.setattr("people.services.print_packs.LARGEST_PACK", 1)
    for _ in range(2):
        assert print_letters(actor=posted.abel, organisation=posted.riverside).count == 1


@pytest.mark.parametrize("name", ["anil", "ada", "hana", "cora", "otto"])
def test_it_refuses_people_with_other_parts(name: str, posted: Cast) -> None:
    with pytest.raises(NotPermitted, match="Only an administrator, a link person or finance"):
        print_letters(actor=getattr(posted, name), organisation=posted.riverside)


def test_finance_prints_what_is_about_payments_and_nothing_else(posted: Cast, pat: Person) -> None:
    with pytest.raises(DomainError, match="no letters"):
        print_letters(actor=posted.fern, organisation=posted.riverside)
    sent = say(posted, pat, MessageKind.PAYMENT_SENT)
    assert list(print_letters(actor=posted.fern, organisation=posted.riverside).messages.all()) == [sent]


@pytest.mark.parametrize("kind", sorted(ABOUT_PAYMENTS))
@pytest.mark.parametrize("name", ["abel", "lena"])
def test_nobody_outside_finance_learns_who_was_paid(
    name: str, kind: MessageKind, posted: Cast, pat: Person
) -> None:
    sent = say(posted, pat, kind)
    assert sent not in letters_waiting(getattr(posted, name), posted.riverside)
    assert sent in letters_waiting(posted.farah, posted.riverside)


def test_a_link_person_prints_letters_to_the_people_they_are_linked_with(posted: Cast, pat: Person) -> None:
    stranger = add_person(actor=posted.abel, name="Sam Stranger", address="1 High St", channel=Channel.POST)
    say(posted, stranger)
    names = {row.person.name for row in letters_waiting(posted.lena, posted.riverside)}
    assert names == {"Pat Post", "Lola Large"}
    assert stranger.name in {row.person.name for row in letters_waiting(posted.abel, posted.riverside)}


def test_a_pack_is_not_there_for_whoever_may_not_handle_all_of_it(posted: Cast, pat: Person) -> None:
    pack = print_letters(actor=posted.abel, organisation=posted.riverside)
    assert pack in packs_visible_to(posted.abel)
    assert pack in packs_visible_to(posted.lena)
    for stranger in (posted.fern, posted.otto, posted.anil, posted.cora):
        assert pack not in packs_visible_to(stranger)
        with pytest.raises(NotVisible):
            open_pack(actor=stranger, pack_id=pack.pk)


def test_a_pack_with_one_letter_of_somebody_else_is_not_there(posted: Cast) -> None:
    stranger = add_person(actor=posted.abel, name="Sam Stranger", address="1 High St", channel=Channel.POST)
    say(posted, stranger)
    pack = print_letters(actor=posted.abel, organisation=posted.riverside)
    assert pack not in packs_visible_to(posted.lena)


def test_somebody_who_is_both_prints_both(posted: Cast, pat: Person) -> None:
    grant_role(
        actor=posted.abel,
        person=posted.fern,
        kind=RoleKind.LINK,
        organisation=posted.riverside,
        project=posted.project,
    )
    say(posted, pat, MessageKind.PAYMENT_SENT)
    kinds = {row.kind for row in letters_waiting(posted.fern, posted.riverside)}
    assert kinds == {MessageKind.PAYMENT_SENT}  # linked with nobody: a part alone opens no letters


def test_a_letter_without_an_address_waits_for_a_call_instead(posted: Cast, pat: Person) -> None:
    Person.objects.filter(pk=pat.pk).update(address="")
    assert pat.pk not in {row.person_id for row in letters_waiting(posted.abel, posted.riverside)}


def test_a_letter_that_was_told_by_telephone_is_not_printed(posted: Cast, pat: Person) -> None:
    mark_told(actor=posted.abel, message_id=of(pat, "test:claim_decided").pk)
    assert print_letters(actor=posted.abel, organisation=posted.riverside).count == 1
