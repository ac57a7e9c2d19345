"""Receipts: papers that show what was paid, kept sealed and out of reach of the web server."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from claims.formats.receipts import Kind
from claims.models.claims import Claim
from people.models import Organisation, Person


class ReceiptKind(models.TextChoices):
    """What is kept, which need not be what was sent."""

    JPEG = Kind.JPEG.value, "Photo"
    PNG = Kind.PNG.value, "Picture"
    PDF = Kind.PDF.value, "PDF"


class Receipt(models.Model):
    """One paper of one contributor, as it was drawn again from what they sent. Never changed.

    Claim lines name it by its handle. Somebody else may have sent the same paper: that is a question
    for whoever decides, never a reason to refuse it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="receipts")
    contributor = models.ForeignKey(Person, models.PROTECT, related_name="receipts")
    claim = models.ForeignKey(
        Claim, models.PROTECT, null=True, related_name="receipts", help_text="It was sent with this one."
    )
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="receipts_uploaded")
    uploaded_at = models.DateTimeField()
    handle = models.CharField(max_length=12, unique=True, help_text="Neutral, as in UP000123.")
    kind = models.CharField(max_length=4, choices=ReceiptKind)
    width = models.PositiveIntegerField(help_text="Pixels, of the first page.")
    height = models.PositiveIntegerField(help_text="Pixels, of the first page.")
    pages = models.PositiveIntegerField(default=1)
    sent_size = models.PositiveIntegerField(help_text="Bytes of the file that was sent.")
    size = models.PositiveIntegerField(help_text="Bytes of what is kept.")
    sha256 = models.CharField(max_length=64, help_text="Of the file that was sent.")
    look = models.CharField(max_length=16, help_text="64-bit difference hash of the first page, in hex.")
    file = models.CharField(max_length=60, unique=True, help_text="Random name in the private storage.")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["organisation", "sha256"], name="receipts_by_file"),
            models.Index(fields=["contributor", "uploaded_at"], name="receipts_by_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "contributor", "sha256"], name="a_file_is_kept_once_per_contributor"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.PDF.value, pages__gte=1) | Q(pages=1),
                name="only_a_pdf_has_more_than_one_page",
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0, size__gt=0, sent_size__gt=0),
                name="a_receipt_is_not_empty",
            ),
        ]

    def __str__(self) -> str:
        return self.handle
