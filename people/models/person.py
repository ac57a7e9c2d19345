"""A person is one human being; a login belongs to a person, and many people have none."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from audit.history import History, Recorded
from common.dates import now


class Channel(models.TextChoices):
    """How somebody wants to hear from us."""

    EMAIL = "email", "E-mail"
    POST = "post", "Post"
    PHONE = "phone", "Telephone"


class PaperFormat(models.TextChoices):
    """How somebody reads best (Accessible Information Standard, DAPB1605)."""

    STANDARD = "standard", "Standard print"
    LARGE = "large", "Large print"
    PLAIN = "plain", "Plain text"
    EASY_READ = "easy_read", "Easy Read"


LARGE_PRINT = frozenset({PaperFormat.LARGE, PaperFormat.EASY_READ})


class Person(Recorded):
    """Somebody the organisations work with. Every rule of separation compares persons."""

    number = models.CharField(max_length=12, unique=True, help_text="Neutral handle, as in P000042.")
    name = models.CharField(max_length=200, help_text="As they like to be called.")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True, help_text="Where post may safely go.")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.EMAIL)
    paper_format = models.CharField(max_length=10, choices=PaperFormat, default=PaperFormat.STANDARD)
    created_at = models.DateTimeField(default=now, editable=False)

    history = History(excluded_fields=["email", "phone", "address"])

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(channel=Channel.EMAIL) | ~Q(email=""),
                name="a_person_reached_by_email_has_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Make logins; a password is optional because a code by e-mail is enough to sign in."""

    def get_queryset(self) -> models.QuerySet["User"]:
        """With the person, of whom every request that follows is about to ask."""
        return super().get_queryset().select_related("person")

    def create_user(self, email: str, person: Person, password: str | None = None) -> "User":
        """Make a login for a person. Raises ValueError without an e-mail address."""
        if not email:
            raise ValueError("A login needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), person=person)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A login. What it may do is decided by the roles its person holds, never by the login."""

    email = models.EmailField(unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="logins")
    is_active = models.BooleanField(default=True)

    objects = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []

    def __str__(self) -> str:
        return self.email
