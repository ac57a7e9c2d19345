"""What we change in django-allauth: nobody signs up by themselves, links never trust the Host header, and
the secrets of second proofs are sealed.
"""

from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from common.encryption import KeyRing

SECOND_PROOF = "mfa_authenticator"  # what sealed secrets are bound to; allauth tells no row and no person


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Logins are made for people who were invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in a password e-mail. A forged Host header must not send it to another site."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.BASE_URL}{path}"


class SealedSecondProof(DefaultMFAAdapter):  # type: ignore[misc]
    """The key of an app and the seed of recovery codes, sealed in the database.

    Both have no use for anybody but the person, and a copy of the database must not be a second proof.
    """

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called until its owner names it: “Passkey 1”."""
        return f"Passkey {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def encrypt(self, text: str) -> str:
        ring: KeyRing = settings.ENCRYPTION_KEYS
        return b64encode(ring.seal(text.encode(), SECOND_PROOF)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises CannotOpen, or ValueError for what was never sealed: an empty secret can be guessed."""
        ring: KeyRing = settings.ENCRYPTION_KEYS
        return ring.open(b64decode(encrypted_text, validate=True), SECOND_PROOF).decode()
