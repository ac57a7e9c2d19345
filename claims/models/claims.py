"""Claims, their lines, and the decisions made on them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField

from audit.history import History, Recorded
from claims.models.activities import Activity, Answer
from claims.models.policies import Rate
from claims.workflow import ClaimStatus, LineStatus
from ledger.models import Category, JournalEntry
from people.models import Organisation, Person, Project


class CountsAs(models.TextChoices):
    """Money for time or money back for costs: never mixed in one line or one payment."""

    FEE = "fee", "Money for your time"
    EXPENSE = "expense", "Money back for your costs"


class Claim(Recorded):
    """What one contributor asks for, with who typed it in."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="claims")
    project = models.ForeignKey(Project, models.PROTECT, related_name="claims")
    reference = models.CharField(max_length=12, unique=True, help_text="Neutral handle, as in C000041.")
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="claims")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="claims_entered")
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, related_name="claims")
    policy = models.ForeignKey("claims.RatePolicy", models.PROTECT, related_name="claims")
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=10, choices=ClaimStatus, default=ClaimStatus.DRAFT)
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by every step; a stale screen is refused."
    )
    handle = models.CharField(max_length=100, null=True, help_text="Its name in the file it came from.")  # noqa: DJ001
    submitted_at = models.DateTimeField(null=True)
    promised_by = models.DateField(null=True, help_text="Money in the bank by this day.")

    history = History()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "status", "-id"], name="claims_by_status"),
            models.Index(fields=["contributor", "-id"], name="claims_by_contributor"),
            models.Index(fields=["project", "status", "-id"], name="claims_by_project"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "handle"], name="one_claim_per_handle"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="a_sent_claim_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ClaimLine(Recorded):
    """One thing claimed: a journey, a cost, some time."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    handle = models.CharField(max_length=100, blank=True, help_text="Its name in the file it came from.")
    date = models.DateField(help_text="Of the journey, the work or the cost.")
    kind = models.CharField(max_length=20)
    mode = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    unit = models.CharField(max_length=10, blank=True)
    spent = MoneyField(  # type: ignore[no-untyped-call]
        max_digits=12, decimal_places=2, null=True, default_currency="GBP"
    )
    funded_elsewhere = MoneyField(  # type: ignore[no-untyped-call]
        max_digits=12, decimal_places=2, null=True, default_currency="GBP"
    )
    exchange_rate = models.DecimalField(
        max_digits=14, decimal_places=8, default=1, help_text="Claim currency per unit of the receipt's."
    )
    hours_away = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    receipt = models.CharField(max_length=100, blank=True, help_text="Handle of the paper, or `lost`.")
    note = models.CharField(max_length=300, blank=True, help_text="What the contributor adds in words.")
    cancelled_notice_minutes = models.PositiveIntegerField(null=True)
    category = models.CharField(max_length=12, choices=Category)
    counts_as = models.CharField(max_length=7, choices=CountsAs)
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="lines")
    estimate = models.BigIntegerField(help_text="Minor units the policy gave when it was sent in.")
    estimate_reason = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=LineStatus, default=LineStatus.OPEN)
    allowed = models.BigIntegerField(null=True, help_text="Minor units, once decided.")
    reason = models.CharField(
        max_length=300, blank=True, help_text="Why it is less than was asked, or what we need."
    )
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    high_rate_miles = models.DecimalField(
        max_digits=8, decimal_places=1, default=0, help_text="Car miles of this line that used up the tier."
    )

    objects: ClassVar[models.Manager["ClaimLine"]] = models.Manager()
    # Behind the approvers' wall: what the answer made of a fee must not show in the history they read.
    history = History(excluded_fields=["allowed", "estimate", "estimate_reason"])

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "receipt"], condition=~Q(receipt=""), name="lines_by_receipt"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "position"], name="one_line_per_position"),
            models.UniqueConstraint(
                fields=["claim", "handle"], condition=~Q(handle=""), name="one_line_per_handle"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0), name="a_quantity_is_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(spent__isnull=True) | Q(spent__gt=0), name="an_amount_spent_is_above_zero"
            ),
            models.CheckConstraint(condition=Q(estimate__gte=0), name="an_estimate_is_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "queried", "withdrawn"], allowed__isnull=True)
                | Q(status="refused", allowed=0)
                | Q(status__in=["approved", "reduced"], allowed__gte=0),
                name="a_decided_line_says_what_is_allowed",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "approved", "withdrawn"]) | ~Q(reason=""),
                name="less_than_asked_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} line {self.position}"


class FeeAnswer(models.Model):
    """The contributor's answer to the fee of one time line. Behind both walls; see Offer."""

    line = models.OneToOneField(ClaimLine, models.PROTECT, primary_key=True, related_name="answer")
    answer = models.CharField(max_length=10, choices=Answer)
    less_amount = models.BigIntegerField(null=True, help_text="Minor units; only for `less`.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer="less", less_amount__gte=0)
                | (~Q(answer="less") & Q(less_amount__isnull=True)),
                name="a_fee_answer_of_less_has_an_amount",
            )
        ]

    def __str__(self) -> str:
        return f"Answer for line {self.line_id}"


class LineShare(models.Model):
    """A project that carries part of a line; the parts sum to what is allowed."""

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="shares")
    position = models.PositiveIntegerField()
    project = models.ForeignKey(Project, models.PROTECT, related_name="line_shares")
    weight = models.PositiveIntegerField(default=1)
    amount = models.BigIntegerField(default=0, help_text="Minor units, once decided.")
    policy_amount = models.BigIntegerField(
        default=0, help_text="Minor units the policy gives, whatever the answer: what leads see of time."
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "project"], name="one_share_per_project"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_share_has_weight"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, policy_amount__gte=0), name="a_share_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} carries part of line {self.line_id}"


class Outcome(models.TextChoices):
    APPROVE = "approve", "Agreed"
    REDUCE = "reduce", "Agreed in part"
    REFUSE = "refuse", "Not agreed"
    ASK = "ask about", "More information needed"


class Decision(models.Model):
    """One decision on one line: who, when, what and why. Append-only."""

    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    round = models.PositiveIntegerField(
        default=0, help_text="How many decisions on the line had been undone before this one."
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    over_budget_reason = models.CharField(max_length=300, blank=True)
    hours = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        help_text="Hours confirmed, where fewer than booked.",
    )
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField()
    entry = models.OneToOneField(JournalEntry, models.PROTECT, null=True, related_name="decision")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "number"], name="one_decision_per_number"),
            models.UniqueConstraint(
                fields=["line", "round"], condition=~Q(outcome="ask about"), name="a_line_is_decided_once"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("contributor")) & ~Q(decided_by=F("entered_by")),
                name="nobody_decides_what_is_theirs_or_what_they_typed",
            ),
            models.CheckConstraint(
                condition=Q(outcome="approve") | ~Q(reason=""), name="a_decision_against_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.number} on line {self.line_id}"


class MileageDeclaration(Recorded):
    """Car miles a contributor says they claimed elsewhere, or here before the ledger, in a tax year."""

    contributor = models.ForeignKey(Person, models.PROTECT, related_name="mileage_declarations")
    tax_year = models.CharField(max_length=7, help_text="As in 2026-27.")
    miles = models.DecimalField(max_digits=8, decimal_places=1)

    history = History()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contributor", "tax_year"], name="one_declaration_per_tax_year"),
            models.CheckConstraint(condition=Q(miles__gte=0), name="declared_miles_are_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.contributor} in {self.tax_year}"
