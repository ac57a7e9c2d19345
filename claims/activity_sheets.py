"""What an activity sheet says, in plain words: computed when it is asked for, from offer and rate policy."""

from datetime import datetime, timedelta

from claims.formats.activity_sheet import ActivitySheet, Part
from claims.models import Activity, Offer
from claims.pricing.policy import Policy
from claims.pricing_rows import as_policy
from claims.queries.scope import NoPolicy, policy_in_force
from claims.rate_words import costs_met
from claims.words import line_title, quantity_text
from common.dates import LONDON, london_day
from common.money import money_text
from guidance.words import note_for
from people.models import Channel, Organisation, Person

COSTS_ANYWAY = "You still get your costs back, whatever you choose."


def activity_sheet(offer: Offer) -> ActivitySheet:
    """The sheet of one person for one activity. Nothing in it depends on their answer."""
    activity, person = offer.activity, offer.contributor
    organisation = activity.project.organisation
    policy = _policy(organisation)
    return ActivitySheet(
        organisation=organisation.name,
        number=f"A{offer.pk:06d}",
        name=person.name,
        title=activity.title,
        purpose=_paragraphs(activity.purpose),
        facts=_facts(activity),
        parts=(
            _time_part(offer),
            _costs_part(activity, policy),
            _claim_part(organisation),
            _change_part(organisation, policy),
        ),
        contacts=_contacts(activity, organisation),
        address=_address(person),
    )


def when_words(activity: Activity) -> str:
    """“Thursday 3 December 2026, 10am to 1pm”, as London clocks show it."""
    starts, ends = (moment.astimezone(LONDON) for moment in (activity.starts_at, activity.ends_at))
    if starts.date() == ends.date():
        return f"{_day(starts)}, {_clock(starts)} to {_clock(ends)}"
    return f"{_day(starts)}, {_clock(starts)}, to {_day(ends)}, {_clock(ends)}"


def _facts(activity: Activity) -> tuple[tuple[str, str], ...]:
    facts = [
        ("When", when_words(activity)),
        ("How long", _length(activity.ends_at - activity.starts_at)),
        ("Where", activity.place or "Online"),
    ]
    if activity.access:
        facts.append(("Access", " ".join(activity.access.split())))
    lead, link_person = activity.project.lead, activity.link_person
    who = f"{lead.name} leads this work."
    if link_person != lead:
        who += f" {link_person.name} can tell you more about the day."
    return (*facts, ("Who is there for you", who))


def _time_part(offer: Offer) -> Part:
    activity, organisation = offer.activity, offer.activity.project.organisation
    if not offer.amount:
        nothing = "We do not offer money for your time for this one. You get your costs back."
        return Part("Money for your time", (nothing,))
    time = quantity_text(activity.time_hours, "hour")
    what = line_title("time", activity.time_kind).partition(", ")[2] or "your time"
    words = (
        f"We offer you {money_text(offer.amount, organisation.currency)} for your time: {what}, {time}.",
        "You can take all of it, less, or none of it. You do not have to say why. " + COSTS_ANYWAY,
        f"You can change your answer until it starts: {_clock(activity.starts_at.astimezone(LONDON))} on "
        f"{_day(activity.starts_at.astimezone(LONDON))}. If you do not answer, you get all of it, or "
        "what you told us to count then.",
        note_for(organisation.adviser),
    )
    return Part("Money for your time", words)


def _costs_part(activity: Activity, policy: Policy | None) -> Part:
    rows = costs_met(policy, london_day(activity.starts_at)) if policy else []
    return Part("Money back for your costs", _paragraphs(activity.costs_met), tuple(rows))


def _claim_part(organisation: Organisation) -> Part:
    words = (
        "Afterwards, claim on this website, on a paper form, or by telephone. We can send you the form, and "
        "we can fill it in with you.",
        f"The money should be with you within {organisation.days_to_pay} days of your claim. Your bank "
        f"statement will say {organisation.statement_name}.",
    )
    return Part("How to claim, and when the money comes", words)


def _change_part(organisation: Organisation, policy: Policy | None) -> Part:
    words = ["If you are ill or cannot come, tell us when you can. You do not lose your place in the work."]
    if policy and policy.late_cancellation_hours:
        hours = f"{policy.late_cancellation_hours.normalize():f}"
        fee = (
            "all of the money for your time"
            if policy.late_cancellation_share == 1
            else f"{policy.late_cancellation_share * 100:.0f}% of the money for your time"
        )
        words.append(
            f"If we call it off with less than {hours} hours’ notice, you still get {fee} that you chose to "
            "take, and your costs that you cannot get back."
            if policy.late_cancellation_share
            else f"If we call it off with less than {hours} hours’ notice, you still get your costs that "
            "you cannot get back."
        )
    return Part("If plans change", tuple(words))


def _contacts(activity: Activity, organisation: Organisation) -> tuple[tuple[str, str], ...]:
    return (
        ("About the day", _named(activity.link_person.name, organisation.help_contact)),
        ("About the work", activity.project.lead.name),
        ("If something is not right", organisation.appeal_contact),
        ("Support for you", organisation.support_contact),
    )


def _named(name: str, contact: str) -> str:
    """The contact with the name of whom to ask, unless that is who it is."""
    return contact if contact.startswith(name) else f"{name}: {contact}"


def _policy(organisation: Organisation) -> Policy | None:
    try:
        return as_policy(policy_in_force(organisation))
    except NoPolicy:
        return None


def _address(person: Person) -> tuple[str, ...]:
    """Only letters carry an address."""
    if person.channel != Channel.POST:
        return ()
    return tuple(line.strip() for line in person.address.splitlines() if line.strip())


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _day(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y}"


def _clock(moment: datetime) -> str:
    """“10am”, “1:30pm”, “midday”."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    minutes = f":{moment:%M}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def _length(time: timedelta) -> str:
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    parts = [
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((hours, "hour"), (minutes, "minute"))
        if number
    ]
    return " ".join(parts)
