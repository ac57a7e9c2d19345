"""Forms in which administrators set up organisations and projects."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from people.contact_forms import EmailField
from people.forms import DayField, NumberField, PickField, PlainForm, StampedForm, TextField
from people.models import Organisation, Person

CONTACT = 300  # characters


def one_of(people: Sequence[Person]) -> list[tuple[str, str]]:
    """People as answers of a field: key, then name and number."""
    return [(str(person.pk), f"{person.name} ({person.number})") for person in people]


class OrganisationForm(StampedForm):
    """What an organisation promises, and whom people can turn to."""

    name = TextField("the name", label="Name of the organisation")
    days_to_pay = NumberField(
        "the days to pay",
        label="Days to pay",
        help_text="What you promise: calendar days from sending a claim to money in the bank.",
        unit="days",
        least=Decimal(1),
        most=Decimal(90),
    )
    small_group = NumberField(
        "the smallest group",
        label="Smallest group",
        help_text="Figures about fewer people than this are not shown outside finance.",
        unit="people",
        least=Decimal(3),
        most=Decimal(50),
    )
    help_contact = TextField(
        "who to ask",
        label="Who to ask",
        help_text="A name, a telephone number and an e-mail address.",
        longest=CONTACT,
    )
    appeal_contact = TextField("who looks again", label="Who looks again at a decision", longest=CONTACT)
    support_contact = TextField("where support is", label="Where support is", longest=CONTACT)
    advice_contact = TextField(
        "who talks about money in confidence",
        label="Who talks about money in confidence (if there is somebody)",
        help_text="Somebody who gives free advice and is not part of your organisation. They are never told "
        "who was shown their name. When this is empty, people read where support is.",
        longest=CONTACT,
        required=False,
    )

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {name: int(asked[name]) for name in ("days_to_pay", "small_group")}


class AdviserForm(StampedForm):
    """Who talks to people in confidence, or nobody."""

    adviser_name = TextField("the adviser’s name", label="Name", longest=100, required=False)
    adviser_email = EmailField(
        "the adviser’s e-mail address",
        label="E-mail address",
        help_text="Somebody outside our records. They are told who wishes to talk and how to reach them.",
        required=False,
    )
    refusals_at = "adviser_name"


class StatementNameForm(StampedForm):
    """The name on the bank statements of people who are paid."""

    statement_name = TextField(
        "the name on the bank statement",
        label="What should the bank statement call you?",
        help_text="Up to 18 letters, figures and . & / -. Choose a name that tells a stranger nothing.",
        longest=60,
    )


class ProjectFields(PlainForm):
    """A project: what it is for, when, and who leads and administers it."""

    name = TextField("the name", label="Name", help_text="Something neutral: people may see it on a screen.")
    purpose = TextField("what it is for", label="What is it for?", line=False, longest=2000)
    starts_on = DayField("the first day", label="First day", help_text="For example, 27 3 2027")
    ends_on = DayField("the last day", label="Last day", help_text="For example, 27 3 2028")
    lead = PickField("who leads it", label="Who leads it?")
    administrator = PickField(
        "who administers it", label="Who administers it?", help_text="Who people ask about it first."
    )

    def __init__(self, *args: Any, staff: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = {str(person.pk): person for person in staff}
        for name in ("lead", "administrator"):
            self.fields[name].choices = one_of(staff)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        starts_on, ends_on = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must be on or after the first day")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {name: self.staff[asked[name]] for name in ("lead", "administrator")}


class ProjectForm(StampedForm, ProjectFields):
    """A project that is there already."""


class NewProjectForm(ProjectFields):
    """A project that is not there yet. Its code stays for good."""

    code = TextField(
        "a code",
        label="Code",
        help_text="Short and neutral, like PROJ-A. It stands in the books and cannot be changed later.",
        longest=20,
        width="10",
    )
    field_order = ("code", "name", "purpose", "starts_on", "ends_on", "lead", "administrator")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).upper()
        try:
            validate_slug(code)
        except ValidationError as error:
            raise ValidationError("A code has only letters, figures and - in it, like PROJ-A") from error
        return code


class SharesForm(PlainForm):
    """Who carries which share of a project's cost: a weight for each organisation, 0 for none."""

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        for organisation in organisations:
            self.fields[f"share-{organisation.pk}"] = NumberField(
                f"the share of {organisation}", label=str(organisation), most=Decimal(1000)
            )

    def arguments(self) -> dict[str, Any]:
        shares = {each.pk: int(self.cleaned_data[f"share-{each.pk}"]) for each in self.organisations}
        return {"weights": shares}
