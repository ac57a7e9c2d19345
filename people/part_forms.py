"""Forms in which people are added and reached, get their parts, and are linked with who helps them."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from common.dates import today
from people.forms import DayField, PickField, PlainForm, StampedForm, TextField
from people.models import PROJECT_ROLES, Channel, Organisation, PaperFormat, Person, Project, RoleKind
from people.setup_forms import one_of

YES, NO = "yes", "no"
SECOND_PERSON = "Counts when a second person has confirmed it."
KIND_HINTS = {
    RoleKind.CONTRIBUTOR: "Takes part, and claims for time and costs.",
    RoleKind.LINK: "Sets up activities, and claims for people who do not use the web.",
    RoleKind.LEAD: "Decides claims, and proposes the budget.",
    RoleKind.HOLDER: f"May allow spending over the budget. {SECOND_PERSON}",
    RoleKind.REVIEWER: "Reviews the budget with the lead.",
    RoleKind.PREPARER: f"Prepares payments. {SECOND_PERSON}",
    RoleKind.APPROVER: f"Signs payments, and agrees budgets. {SECOND_PERSON}",
    RoleKind.AUDITOR: "Reads everything in the books and the trail.",
    RoleKind.ADMINISTRATOR: f"Sets up people, parts and projects. {SECOND_PERSON}",
}


class PersonFields(PlainForm):
    """What somebody is called, how they want to hear from us and how they read best."""

    name = TextField("their name", label="Name", help_text="As they like to be called.")
    channel = PickField(
        "how they want to hear from us", label="How do they want to hear from us?", choices=Channel.choices
    )
    email = TextField(
        "their e-mail address", label="E-mail address (if they have one)", required=False, longest=254
    )
    phone = TextField(
        "their telephone number", label="Telephone number (if they have one)", required=False, longest=40
    )
    address = TextField(
        "where post may go",
        label="Where post may safely go (if you send some)",
        line=False,
        required=False,
        longest=500,
    )
    paper_format = PickField(
        "how they read best", label="How do they read best?", choices=PaperFormat.choices
    )
    _NEEDED = (
        (Channel.EMAIL, "email", "Enter an e-mail address, or choose another way"),
        (Channel.POST, "address", "Enter where post may go, or choose another way"),
        (Channel.PHONE, "phone", "Enter a telephone number, or choose another way"),
    )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if email:
            try:
                validate_email(email)
            except ValidationError as error:
                raise ValidationError(
                    "Enter an e-mail address in the right form, like name@example.org"
                ) from error
        return email

    def clean(self) -> dict[str, Any]:
        """Whoever wants to hear from us in a way gives us what that way needs."""
        for channel, field, words in self._NEEDED:
            is_missing = field not in self.errors and not self.cleaned_data.get(field)
            if self.cleaned_data.get("channel") == channel and is_missing:
                self.add_error(field, words)
        return self.cleaned_data


class PersonForm(StampedForm, PersonFields):
    """How to reach somebody we know."""


class PartForm(PlainForm):
    """A part in the work: what kind, and for some kinds in which project."""

    kind = PickField(
        "their part",
        label="What is their part?",
        choices=RoleKind.choices,
        hints={str(kind): hint for kind, hint in KIND_HINTS.items()},
    )
    project = PickField(
        "a project",
        label="In which project?",
        help_text="For contributors, link people, leads, budget holders and reviewers.",
        required=False,
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.projects = {str(project.pk): project for project in organisation.projects.order_by("name")}
        field = self.fields["project"]
        field.choices = [(pk, project.name) for pk, project in self.projects.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Some parts are for a project, others for the organisation."""
        kind = self.cleaned_data.get("kind")
        if kind in PROJECT_ROLES and not self.cleaned_data.get("project") and "project" not in self.errors:
            self.add_error("project", "Select a project")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        for_project: Project | None = self.projects.get(asked["project"])
        kind = RoleKind(asked["kind"])
        return asked | {"kind": kind, "project": for_project if kind in PROJECT_ROLES else None}


class NewPersonForm(PartForm, PersonFields):
    """Somebody new, with their first part."""

    signs_in = PickField(
        "whether they will sign in",
        label="Do they want to sign in?",
        help_text="They then get a code by e-mail each time. Everything can be done by post and phone too.",
        choices=[(YES, "Yes"), (NO, "No")],
        inline=True,
    )
    field_order = (
        "name",
        "channel",
        "email",
        "phone",
        "address",
        "paper_format",
        "signs_in",
        "kind",
        "project",
    )

    def clean(self) -> dict[str, Any]:
        PersonFields.clean(self)
        PartForm.clean(self)
        wants, has_none = self.cleaned_data.get("signs_in") == YES, self.cleaned_data.get("email") == ""
        if wants and has_none and "email" not in self.errors:
            self.add_error("email", "Enter the e-mail address they will sign in with")
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"signs_in": asked["signs_in"] == YES}


class LoginForm(PlainForm):
    """The e-mail address that somebody signs in with."""

    email = TextField(
        "their e-mail address",
        label="Which e-mail address will they sign in with?",
        help_text="We send a code to it each time. Only they should be able to read it.",
        longest=254,
    )
    clean_email = PersonFields.clean_email


class LinkForm(PlainForm):
    """Who helps a contributor claim."""

    link_person = PickField("who helps them", label="Who helps them claim?")

    def __init__(self, *args: Any, helpers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helpers = {str(person.pk): person for person in helpers}
        self.fields["link_person"].choices = one_of(helpers)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        asked = super().arguments()
        return asked | {"link_person": self.helpers[asked["link_person"]]}


class LastDayForm(PlainForm):
    """The last day of a part, a link, or everything."""

    on = DayField("the last day", label="What is the last day?", help_text="For example, 27 3 2027")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"on": today()}} | kwargs)
