"""The words of the forms in which people sign in and prove who they are. What the forms do is allauth's."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as proof
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm

# name of the field: what it is called, and what is said when it was left empty
_EMAIL = ("E-mail address", "Enter your e-mail address")
_WORDS = {
    "login": _EMAIL,
    "email": _EMAIL,
    "password": ("Password", "Enter your password"),
    "oldpassword": ("Current password", "Enter your current password"),
    "password1": ("New password", "Enter a new password"),
    "password2": ("New password again", "Enter the new password again"),
    "code": ("Code", "Enter the code"),
    "name": ("Name of this passkey", "Enter a name for this passkey"),
}


class InOurWords:
    """Fields are called as on our own pages, and an error says what to do."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)  # the label says it, and stays
            if name in _WORDS:
                field.label, field.error_messages["required"] = _WORDS[name]


class SignIn(InOurWords, account.LoginForm):  # type: ignore[misc]
    """With a password."""


class AskForCode(InOurWords, account.RequestLoginCodeForm):  # type: ignore[misc]
    """Where the code goes."""


class TypeCode(InOurWords, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came."""


class ChangePassword(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    """From a known password to another."""


class SetPassword(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    """The first password."""


class ForgottenPassword(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """Where the link goes."""


class NewPassword(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Behind the link."""


class PasswordAgain(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """Before a step that needs a fresh proof."""


class SecondProof(InOurWords, proof.AuthenticateForm):  # type: ignore[misc]
    """The code of an app, or a recovery code."""


class SecondProofAgain(InOurWords, proof.ReauthenticateForm):  # type: ignore[misc]
    """Before a step that needs a fresh proof."""


class SetUpApp(InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app."""


class AddPasskey(InOurWords, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey and its name."""


class NamePasskey(InOurWords, EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""
