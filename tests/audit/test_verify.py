"""The trail proves itself, and whatever is done to it shows."""

import dataclasses
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models

from audit import guards, standalone, verify
from audit.checkpoint import Checkpoint, checkpoint, export_trail
from audit.models import Event, Payload, PersonKey, Seal, SealedEvent
from audit.services import seal
from common.dates import now
from people.services import add_person
from tests.cast import Cast


@pytest.fixture
def trail(cast: Cast) -> Checkpoint:
    """Two seals, the guards off, and the checkpoint that was kept: the attacker owns the database."""
    seal()
    for number in range(3):
        add_person(actor=cast.abel, name=f"Person {number}", email=f"p{number}@example.org")
    seal()
    connection.check_constraints()
    guards.remove(connection)
    seen = checkpoint({"GBP": 0})
    assert seen is not None
    return seen


def target() -> Event:
    return Event.objects.filter(sealed__seal=1, about_id__isnull=False).earliest("pk")


def other(value: Any, field: models.Field[Any, Any]) -> Any:
    """Some other value that fits the column."""
    if isinstance(field, models.DateTimeField):
        return now()
    if isinstance(field, models.CharField):
        return "f" * 64 if field.max_length == 64 else "role:ended"
    return (value or 0) + 1


def test_an_untouched_trail_has_no_problems(trail: Checkpoint) -> None:
    assert list(verify.problems(trail)) == []
    assert trail.events == Event.objects.count()
    assert trail.seal == 2


EVENT_FIELDS = [each.attname for each in Event._meta.concrete_fields if not each.primary_key]


@pytest.mark.parametrize("name", EVENT_FIELDS)
def test_every_column_of_an_event_is_proved(name: str, trail: Checkpoint) -> None:
    event = target()
    field = Event._meta.get_field(name)
    assert isinstance(field, models.Field)
    Event.objects.filter(pk=event.pk).update(**{name: other(getattr(event, name), field)})
    assert f"Event {event.pk} was altered." in list(verify.problems())


@pytest.mark.parametrize("name", ["at", "size", "previous_hash", "hash"])
def test_every_column_of_a_seal_is_proved(name: str, trail: Checkpoint) -> None:
    link = Seal.objects.get(number=1)
    field = Seal._meta.get_field(name)
    assert isinstance(field, models.Field)
    Seal.objects.filter(number=1).update(**{name: other(getattr(link, name), field)})
    assert "Seal 1 " in " ".join(verify.problems())


def _change_words() -> None:
    Payload.objects.filter(pk=target().pk).update(sealed=b"\x01" + b"x" * 60)


def _swap_words() -> None:
    first, second = Payload.objects.order_by("pk")[:2]
    Payload.objects.filter(pk=first.pk).update(sealed=second.sealed)


def _lose_words() -> None:
    Payload.objects.filter(pk=target().pk).delete()


def _lose_key() -> None:
    PersonKey.objects.filter(pk__in=[target().about_id]).delete()


def _remove_event() -> None:
    event = target()
    SealedEvent.objects.filter(event=event).delete()
    Payload.objects.filter(event=event).delete()
    Event.objects.filter(pk=event.pk).delete()


def _take_event_out_of_its_seal() -> None:
    SealedEvent.objects.filter(event=target()).delete()


def _swap_places() -> None:
    first, second = SealedEvent.objects.filter(seal=1).order_by("position")[:2]
    SealedEvent.objects.filter(pk=first.pk).update(position=9_999)
    SealedEvent.objects.filter(pk=second.pk).update(position=first.position)
    SealedEvent.objects.filter(pk=first.pk).update(position=second.position)


def _move_to_the_next_seal() -> None:
    SealedEvent.objects.filter(event=target()).update(seal=2, position=99)


def _number_places_differently() -> None:
    SealedEvent.objects.filter(seal=2).update(position=models.F("position") + 1_000)


def _renumber_the_last_seal() -> None:
    last = Seal.objects.get(number=2)
    SealedEvent.objects.filter(seal=2).delete()
    last.delete()
    Seal.objects.create(
        number=3, size=last.size, previous_hash=last.previous_hash, hash=last.hash, at=last.at
    )


def _remove_the_first_seal() -> None:
    SealedEvent.objects.filter(seal=1).delete()
    Seal.objects.filter(number=1).delete()


@pytest.mark.parametrize(
    "tamper",
    [
        _change_words,
        _swap_words,
        _lose_words,
        _lose_key,
        _remove_event,
        _take_event_out_of_its_seal,
        _swap_places,
        _move_to_the_next_seal,
        _number_places_differently,
        _renumber_the_last_seal,
        _remove_the_first_seal,
    ],
)
def test_tampering_shows(tamper: Callable[[], None], trail: Checkpoint) -> None:
    tamper()
    assert list(verify.problems()) != []


def cut_the_tail() -> None:
    gone = list(SealedEvent.objects.filter(seal=2).values_list("event_id", flat=True))
    SealedEvent.objects.filter(seal=2).delete()
    Payload.objects.filter(pk__in=gone).delete()
    Event.objects.filter(pk__in=gone).delete()
    Seal.objects.filter(number=2).delete()


def test_a_cut_tail_shows_only_against_a_checkpoint(trail: Checkpoint) -> None:
    cut_the_tail()
    assert list(verify.problems()) == []
    assert "the end of the trail was cut off" in " ".join(verify.problems(trail))


def test_a_trail_written_anew_shows_only_against_a_checkpoint(trail: Checkpoint) -> None:
    cut_the_tail()
    _remove_event()
    _remove_the_first_seal()
    seal()
    add_person(actor=None, name="Somebody", email="s@example.org")
    seal()
    assert list(verify.problems()) == []
    assert "the trail was written anew" in " ".join(verify.problems(trail))


def test_a_wrong_count_shows_against_a_checkpoint(trail: Checkpoint) -> None:
    wrong = dataclasses.replace(trail, events=trail.events + 1)
    assert "events that a checkpoint counted" in " ".join(verify.problems(wrong))


def test_destroying_a_persons_key_erases_words_and_keeps_the_trail_whole(trail: Checkpoint) -> None:
    PersonKey.objects.filter(pk__in=[target().about_id]).update(sealed=None, destroyed_at=now())
    assert list(verify.problems(trail)) == []


def test_pages_smaller_than_the_trail_prove_it_too(
    trail: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "PAGE", 2)
    assert list(verify.problems(trail)) == []
    _swap_places()
    assert list(verify.problems(trail)) != []


def test_there_is_no_checkpoint_before_the_first_seal(cast: Cast) -> None:
    assert checkpoint({}) is None


def test_a_checkpoint_survives_being_written_down(trail: Checkpoint) -> None:
    assert Checkpoint.from_json(trail.to_json()) == trail
    assert json.loads(trail.to_json())["totals"] == {"GBP": 0}


@pytest.fixture
def export(trail: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The export and checkpoint as files; made in small pages."""
    monkeypatch.setattr("audit.checkpoint.PAGE", 3)
    assert export_trail(tmp_path / "trail.jsonl") == trail.events
    (tmp_path / "checkpoint.json").write_text(trail.to_json(), encoding="utf-8")
    return tmp_path / "trail.jsonl"


def run_alone(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the verifier with plain Python: no Django, no packages, not even this folder."""
    command = [sys.executable, "-I", "-S", standalone.__file__, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_export_verifies_with_plain_python(export: Path, trail: Checkpoint) -> None:
    done = run_alone(export, export.with_name("checkpoint.json"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"The trail is whole: {trail.events} events under 2 seals.\n"


def test_every_altered_or_missing_line_of_an_export_shows(export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines()
    for place, line in enumerate(lines):
        altered = line.replace("actor", "actress") if "text" in line else line.replace("size", "Size")
        before, after = lines[:place], lines[place + 1 :]
        assert list(standalone.Trail().read([*before, *after])), f"without line {place + 1}"
        assert list(standalone.Trail().read([*before, altered, *after])), f"line {place + 1} altered"


def test_a_cut_export_shows_against_the_checkpoint(export: Path) -> None:
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    second = next(place for place, line in enumerate(lines) if '"seal": 2' in line)
    export.write_text("".join(lines[:second]), encoding="utf-8")
    assert run_alone(export).returncode == 0
    done = run_alone(export, export.with_name("checkpoint.json"))
    assert (done.returncode, "the end was cut off" in done.stdout) == (1, True)


def test_an_export_written_anew_shows_against_the_checkpoint(export: Path, trail: Checkpoint) -> None:
    kept = export.with_name("checkpoint.json")
    kept.write_text(dataclasses.replace(trail, hash="0" * 64).to_json(), encoding="utf-8")
    assert "written anew" in run_alone(export, kept).stdout


def test_the_verifier_says_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('not json\n{"event": 1, "text": "x"}\n', encoding="utf-8")
    done = run_alone(tmp_path / "bad.jsonl")
    assert done.stdout == "Line 1 cannot be read.\nEvent 1 stands before the first seal.\n"
    assert run_alone().returncode == 2
