"""The words of every message: for e-mail, for letters and for the telephone.

They hold a neutral reference and a day, and nothing else about anybody: no title of anything, no amount, no
cause. Somebody else may see the screen, open the post or pick up the telephone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from people.models import Channel, MessageKind, Organisation

CHOICE = "You can say yes to all of the money, to less of it, or to none of it. You need not say why."
BEFORE_SPEAKING = (
    "Ask for the person by name. Say who you are only to them. If somebody else answers, say that you will "
    "ring again. Do not leave a message."
)


@dataclass(frozen=True, slots=True)
class Text:
    """What one kind of message says: the news, by when, and what to do next in each way of hearing it.

    `{reference}` is the neutral handle; `by` is left out when there is no day to name.
    """

    news: str
    by: str
    email: str
    letter: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message in words: paragraphs, then whom to turn to (label and text)."""

    paragraphs: tuple[str, ...]
    contacts: tuple[tuple[str, str], ...]


TEXTS: Mapping[MessageKind, Text] = {
    MessageKind.OFFER_MADE: Text(
        news="We would like to ask you to take part in something. The invitation says when and where it is, "
        "what it is for, which costs we pay back, and what we offer you for your time.",
        by="Please tell us before {day}.",
        email=f"Sign in to read the invitation and to answer it. {CHOICE}",
        letter=f"Ring or write to us. We can post the invitation to you or read it out. {CHOICE}",
        spoken=f"I can read the invitation out now, or we can post it. {CHOICE}",
    ),
    MessageKind.OFFER_REMINDER: Text(
        news="We asked you to take part in something, and we do not have your answer yet.",
        by="Please tell us before {day}.",
        email=f"Sign in to read the invitation and to answer it. {CHOICE}",
        letter=f"Ring or write to us. We can post the invitation to you again or read it out. {CHOICE}",
        spoken=f"I can read the invitation out now, or we can post it again. {CHOICE}",
    ),
    MessageKind.ANSWER_WRITTEN_DOWN: Text(
        news="Somebody answered our invitation for you.",
        by="You can still change your answer before {day}.",
        email="Sign in to see if the answer is right. If you did not ask for this, tell us.",
        letter="Ring or write to us to hear the answer. If you did not ask for this, tell us.",
        spoken="I can read the answer out to you. If you did not ask for this, tell us.",
    ),
    MessageKind.ACTIVITY_CANCELLED: Text(
        news="We are sorry: something we asked you to take part in will not take place.",
        by="It was planned for {day}.",
        email="We pay back what you spent for it and cannot get back. Sign in to claim it.",
        letter="We pay back what you spent for it and cannot get back. Ring or write to us to claim it, or "
        "ask us for a paper form.",
        spoken="We pay back what you spent for it and cannot get back. You can tell me now what you spent.",
    ),
    MessageKind.CLAIM_RECEIVED: Text(
        news="Thank you. We have your claim {reference}.",
        by="What we owe you for it should be with you by {day}.",
        email="You need not do anything now. Sign in to see how far it is.",
        letter="You need not do anything now. Ring us if you want to know how far it is.",
        spoken="You need not do anything now. Ring us if you want to know how far it is.",
    ),
    MessageKind.CLAIM_TYPED_FOR_YOU: Text(
        news="Somebody typed in a claim for you: {reference}.",
        by="What we owe you for it should be with you by {day}.",
        email="Sign in to see if it is right. If something is wrong or missing, tell us.",
        letter="Ring us to hear what it says, or ask us for a copy by post. If something is wrong or "
        "missing, tell us.",
        spoken="I can read out what it says. If something is wrong or missing, tell us.",
    ),
    MessageKind.LINE_QUERIED: Text(
        news="We need something from you before we can decide all of your claim {reference}.",
        by="We want to pay you by {day}. The sooner we hear from you, the sooner we can.",
        email="Sign in to read our question and to answer it.",
        letter="Ring or write to us. We can read our question out to you or post it.",
        spoken="I can read out the question now, and write down what you say.",
    ),
    MessageKind.CLAIM_DECIDED: Text(
        news="We have decided your claim {reference}.",
        by="What we owe you for it should be with you by {day}.",
        email="Sign in to read what we decided and why. If you do not agree, ask us to look at it again. "
        "Somebody else will do that.",
        letter="Ring us to hear what we decided and why, or ask us for a copy by post. If you do not agree, "
        "ask us to look at it again. Somebody else will do that.",
        spoken="I can read out what we decided and why. If you do not agree, ask us to look at it again. "
        "Somebody else will do that.",
    ),
    MessageKind.PAYMENT_SENT: Text(
        news="We have sent you a payment. Our reference is {reference}.",
        by="It should be in your bank by the end of {day}.",
        email="Sign in to see what it is for. If it is not there after that day, tell us.",
        letter="We send you a list of what it is for. If it is not there after that day, tell us.",
        spoken="I can read out what it is for. If it is not there after that day, tell us.",
    ),
    MessageKind.PAYMENT_RETURNED: Text(
        news="Your bank sent a payment back to us. Our reference is {reference}. We still owe you this "
        "money.",
        by="It came back on {day}.",
        email="Please check the bank details you gave us, and tell us if they have changed. We will pay you "
        "again when they are right.",
        letter="Please check the bank details you gave us, and tell us if they have changed. We will pay you "
        "again when they are right.",
        spoken="Please check the bank details you gave us, and tell us if they have changed. We will pay you "
        "again when they are right.",
    ),
    MessageKind.BANK_DETAILS_CHANGED: Text(
        news="Somebody gave us new bank details for you.",
        by="That was on {day}.",
        email="If it was you, you need not do anything. If it was not, tell us at once, so that no money "
        "goes to the wrong place.",
        letter="If it was you, you need not do anything. If it was not, ring us at once, so that no money "
        "goes to the wrong place.",
        spoken="Was it you? If it was not, we will stop it now, so that no money goes to the wrong place.",
    ),
    MessageKind.BANK_DETAILS_REFUSED: Text(
        news="We cannot use the bank details that we were last given for you.",
        by="We looked at them on {day}.",
        email="Sign in to read why, and to give them again. You can also give them on paper. If we paid you "
        "before, we still use the account from then.",
        letter="Ring us to hear why, and how to give them again. You can do it on paper. If we paid you "
        "before, we still use the account from then.",
        spoken="I can tell you why, and post you a form to give them again. If we paid you before, we still "
        "use the account from then.",
    ),
    MessageKind.WITH_PAY: Text(
        news="We have sent on a payment for you. Our reference is {reference}.",
        by="It comes on {day}.",
        email="Sign in to see how it comes and what it is for. If it is not there after that day, tell us.",
        letter="We send you a list of what it is for and how it comes. If it is not there after that day, "
        "tell us.",
        spoken="I can read out how it comes and what it is for. If it is not there after that day, tell us.",
    ),
    MessageKind.HANDED_OVER: Text(
        news="There is news of a payment from us. Our reference is {reference}.",
        by="It is from {day}.",
        email="Sign in and open Payments to see it. If something is not right, tell us.",
        letter="Ring or write to us to hear it. If something is not right, tell us.",
        spoken="I can tell you what it is. If something is not right, tell us.",
    ),
    MessageKind.PAYMENT_BACK: Text(
        news="A payment from us did not reach you. Our reference is {reference}. We still owe you this "
        "money.",
        by="We wrote this down on {day}.",
        email="Sign in to see what happened. You can choose another way to be paid. We will pay you again.",
        letter="Ring us to hear what happened. You can choose another way to be paid. We will pay you again.",
        spoken="I can tell you what happened. You can choose another way to be paid. We will pay you again.",
    ),
    MessageKind.LEARNING_ANSWERED: Text(
        news="We have answered something that you asked us for.",
        by="We did so on {day}.",
        email="Sign in and open Payments to read our answer. If it is not right, tell us.",
        letter="Ring or write to us to hear our answer.",
        spoken="I can read our answer out to you.",
    ),
    MessageKind.PAYROLL_CHANGED: Text(
        news="We have changed the way in which some of your money comes to you.",
        by="It holds from {day}.",
        email="Sign in and open Payments to see how. If it is not right, tell us.",
        letter="Ring or write to us to hear how. If it is not right, tell us.",
        spoken="I can tell you how. If it is not right, tell us.",
    ),
    MessageKind.ROLE_GIVEN: Text(
        news="You have a new part to play in our work.",
        by="It starts on {day}.",
        email="Sign in to see what you can do there. If you did not know about it, tell us.",
        letter="Ring or write to us if you want to know what it means for you, or if you did not know about "
        "it.",
        spoken="I can tell you what it means for you. If you did not know about it, tell us.",
    ),
    MessageKind.LOGIN_MADE: Text(
        news="You can now use our pages on the web.",
        by="They are open to you from {day}.",
        email="Sign in with this e-mail address. We send you a code each time, so you need no password. If "
        "you did not ask for this, tell us.",
        letter="Ring us for their address. Type in your e-mail address there: we send a code to it each "
        "time, so you need no password. You can still do everything by post or by telephone.",
        spoken="I can tell you their address. Type in your e-mail address there: we send a code to it each "
        "time, so you need no password. You can still do everything by post or by telephone.",
    ),
    MessageKind.NOT_ARRIVED: Text(
        news="We heard that money from us has not reached you. We are looking into it now.",
        by="We tell you what we found by {day}.",
        email="You need not do anything. If the money comes before then, sign in and tell us.",
        letter="You need not do anything. If the money comes before then, ring us.",
        spoken="You need not do anything. If the money comes before then, ring us.",
    ),
    MessageKind.PAYMENT_FOUND: Text(
        news="We have looked into the money that had not reached you.",
        by="We finished on {day}.",
        email="Sign in to read what we found. If you still do not have it, tell us. We look again.",
        letter="Ring us to hear what we found. If you still do not have it, tell us. We look again.",
        spoken="I can tell you what we found. If you still do not have it, tell me. We look again.",
    ),
    MessageKind.PAYMENT_NOT_TAKEN: Text(
        news="Your payment {reference} never left our bank. We are sorry. We still owe you this money.",
        by="We found out on {day}.",
        email="You need not do anything. We send it to you again, and tell you when.",
        letter="You need not do anything. We send it to you again, and tell you when.",
        spoken="You need not do anything. We send it to you again, and tell you when.",
    ),
    MessageKind.PAYMENT_TALK: Text(
        news="We would like to explain something about your payment {reference}. There is no hurry.",
        by="This is from {day}.",
        email="Sign in to read what it is about. Nothing is taken from what we still owe you.",
        letter="Ring us to hear what it is about. Nothing is taken from what we still owe you.",
        spoken="I can tell you what it is about. Nothing is taken from what we still owe you.",
    ),
    MessageKind.PAYMENT_TALK_ENDED: Text(
        news="What we told you about your payment {reference} is cleared up. Thank you.",
        by="That was on {day}.",
        email="There is nothing left to do. Sign in if you want to read it again.",
        letter="There is nothing left to do. Ring us if you want to hear it again.",
        spoken="There is nothing left to do.",
    ),
    MessageKind.WRONGLY_CLOSED: Text(
        news="We made a mistake in our records: we closed what we keep for you, and you did not hear from us "
        "for a while. We are very sorry.",
        by="Everything is open again since {day}.",
        email="To be safe we no longer use your old bank details. Sign in to give them to us again.",
        letter="To be safe we no longer use your old bank details. Ring us, and we help you to give them "
        "again.",
        spoken="To be safe we no longer use your old bank details. We help you to give them again.",
    ),
}


def names_reference(kind: MessageKind) -> bool:
    """Whether this kind of message cannot do without a reference."""
    return "{reference}" in TEXTS[kind].news


def words_for(
    kind: MessageKind, *, reference: str, day: date | None, channel: Channel, organisation: Organisation
) -> Words:
    """A message in words, for one way of hearing it. The same input always gives the same words."""
    text = TEXTS[kind]
    following = {Channel.EMAIL: text.email, Channel.POST: text.letter, Channel.PHONE: text.spoken}[channel]
    news = text.news.format(reference=reference)
    by = text.by.format(day=_long_day(day)) if day else ""
    return Words(
        paragraphs=tuple(part for part in (news, by, following) if part),
        contacts=(
            ("Who to ask", organisation.help_contact),
            ("If something is not right", organisation.appeal_contact),
            ("If you want support", organisation.support_contact),
            (
                "How we write to you",
                "You choose: by e-mail, by post or by telephone, in large print too. Tell us what suits you "
                "and where it is safe to reach you.",
            ),
        ),
    )


def subject(organisation: Organisation) -> str:
    """The subject of every e-mail: it shows on a locked screen, so it says nothing."""
    return f"A message from {' '.join(organisation.name.split())}"


def email_body(words: Words, *, organisation: Organisation, address: str) -> str:
    """The plain text of an e-mail. `address` is our front page; no link leads anywhere else."""
    contacts = [f"{label}: {text}" for label, text in words.contacts]
    parts = ["Hello,", *words.paragraphs, f"You can sign in here:\n{address}", *contacts, organisation.name]
    return "\n\n".join(parts) + "\n"


def _long_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
