"""What an auditor may narrow the trail by: who, what, which record, project and organisation, and which days.

Everything is named by number, code or key, so that no name stands in an address.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.http import QueryDict

from audit.actions import Action
from audit.queries import Wanted
from common.dates import LONDON, today
from people.forms import DayField, SelectField, TextField
from people.models import Organisation, Person, Project, RoleKind

SYSTEM = "system"
_APPS = ("people", "claims", "ledger", "payments")
_DAY_PARTS = ("day", "month", "year")


class NarrowField(SelectField):
    """What the trail is narrowed by; a pair of a name and pairs is a group of answers."""

    def __init__(self, what: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.error_messages["invalid_choice"] = f"Select {what}"


class TrailFilter(forms.Form):
    """The filters of the trail, as its address carries them."""

    handle = TextField(
        "the number of the record",
        label="History of one record",
        help_text="Its number, like C000041, P000042, EXP\u00a0000101 or run\u00a03; of a project, its code",
        required=False,
        longest=20,
        width="10",
    )
    who = NarrowField("who did it", label="Who")
    what = NarrowField("what was done", label="What")
    kind = NarrowField("a kind of record", label="Kind of record")
    record = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    project = NarrowField("a project", label="Project")
    organisation = NarrowField("an organisation", label="Organisation")
    since = DayField("the first day", label="From", required=False, latest=today)
    until = DayField("the last day", label="To", required=False)
    use_required_attribute = False

    def __init__(self, data: QueryDict, organisations: Iterable[int]) -> None:
        super().__init__(data, label_suffix="")
        self.audited = list(Organisation.objects.filter(pk__in=organisations).order_by("name", "pk"))
        self.people = {person.number: person for person in self._people(str(data.get("who", "")))}
        self.projects = {str(each.pk): each for each in self._projects()}
        self._offer("who", [(SYSTEM, "The system"), *((n, each.name) for n, each in self.people.items())])
        self._offer("what", _actions())
        self._offer("kind", kinds().items())
        self._offer("project", [(key, each.name) for key, each in self.projects.items()])
        self._offer("organisation", [(each.code, each.name) for each in self.audited])
        if len(self.audited) == 1:
            del self.fields["organisation"]

    def _offer(self, name: str, choices: Iterable[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Any"), *choices]

    def _people(self, asked: str) -> list[Person]:
        """Everybody who is or was more than a contributor there; and whoever was asked for by number."""
        staff = Person.objects.filter(roles__organisation__in=self.audited)
        known = staff.exclude(roles__kind=RoleKind.CONTRIBUTOR) | staff.filter(number=asked[:12])
        return list(known.distinct().order_by("name", "number"))

    def _projects(self) -> Iterable[Project]:
        return Project.objects.filter(organisation__in=self.audited).order_by("name", "pk")

    def clean(self) -> dict[str, Any]:
        """The last day does not come before the first."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("since") and cleaned.get("until") and cleaned["until"] < cleaned["since"]:
            self.add_error("until", ValidationError("The last day must be on or after the first day"))
        return cleaned

    def organisations(self) -> list[int]:
        """The keys of the organisations asked about; never one that is not audited."""
        code = self.cleaned_data.get("organisation")
        return [each.pk for each in self.audited if not code or each.code == code]

    def wanted(self) -> Wanted:
        """The filters as the trail understands them."""
        asked = self.cleaned_data
        project = self.projects.get(asked["project"])
        return Wanted(
            actor_id=self._actor(asked["who"]),
            actions=frozenset(each for each in Action.values if _is_of(each, asked["what"])),
            subject_type=asked["kind"],
            subject_id=asked["record"] if asked["kind"] else None,
            project_id=project.pk if project else None,
            since=_midnight(asked["since"]) if asked["since"] else None,
            before=_midnight(asked["until"] + timedelta(days=1)) if asked["until"] else None,
        )

    def _actor(self, who: str) -> int | None:
        if not who:
            return None
        return 0 if who == SYSTEM else self.people[who].pk

    def kept(self, **instead: str) -> str:
        """The filters as the beginning of an address's query, for the pages beside this one."""
        names = [name for name in self.fields if name not in ("since", "until", "handle")]
        names += [f"{name}-{part}" for name in ("since", "until") for part in _DAY_PARTS]
        query = QueryDict(mutable=True)
        for name in names:
            if value := instead.get(name, self.data.get(name, "")):
                query[name] = value
        return f"{query.urlencode()}&" if query else ""


def kinds() -> Mapping[str, str]:
    """Every kind of record the trail may be about, by the name the trail has for it."""
    models = (model for name in _APPS for model in apps.get_app_config(name).get_models())
    named = {
        model._meta.label_lower: str(model._meta.verbose_name).capitalize()
        for model in models
        if not model.__name__.startswith("Historical")
    }
    return dict(sorted(named.items(), key=lambda each: each[1]))


def _is_of(action: str, asked: str) -> bool:
    """`claim:` asks for everything done with claims, `claim:submitted` for that alone."""
    return bool(asked) and (action == asked or (asked.endswith(":") and action.startswith(asked)))


def _actions() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for action in Action:
        subject = action.value.partition(":")[0]
        words = subject.replace("_", " ").capitalize()
        first = [(f"{subject}:", f"{words}: everything")]
        groups.setdefault(words, first).append((action.value, str(action.label).capitalize()))
    return sorted(groups.items())


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), LONDON)
