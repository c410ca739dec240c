"""Fields of the account pages."""

from collections.abc import Callable

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from hiring.accounts.rules import KNOWN_ZONES, LONGEST_EMAIL, LONGEST_NAME, SHORTEST_PASSWORD, check_email, check_name
from hiring.errors import Invalid
from hiring.permissions import Role
from hiring.web import as_choices

NOT_PLACES = ("Etc/", "posix/", "right/", "SystemV/")
PLACES = sorted(zone for zone in KNOWN_ZONES if "/" in zone and not zone.startswith(NOT_PLACES))
ZONES = as_choices({zone: zone.replace("_", " ") for zone in (*PLACES, "UTC")})
ROLE_CHOICES = as_choices({role.value: role.value.capitalize() for role in Role})


def _by(check: Callable[[str], None]) -> Callable[[FlaskForm, Field], None]:
    """A field's own check, from the rule that the action asks too."""

    def validate(_form: FlaskForm, field: Field) -> None:
        try:
            check(field.data or "")
        except Invalid as error:
            raise ValidationError(str(error)) from error

    return validate


def _name_field(label: str, asked: str, **shown: str) -> StringField:
    return StringField(label, [DataRequired(asked), _by(check_name)], render_kw={"maxlength": LONGEST_NAME, **shown})


class SignInForm(FlaskForm):
    email = EmailField(
        "E-mail address",
        [DataRequired("Enter your e-mail address."), Length(max=LONGEST_EMAIL, message="No e-mail address is so long.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class InvitePersonForm(FlaskForm):
    name = _name_field("Name", "Enter a name.")
    email = EmailField(
        "E-mail address", [DataRequired("Enter an e-mail address."), _by(check_email)], render_kw={"maxlength": LONGEST_EMAIL}
    )
    role = SelectField("Role", choices=ROLE_CHOICES)


class AcceptInvitationForm(FlaskForm):
    name = _name_field("Your name", "Enter your name.", autocomplete="name")
    password = PasswordField(
        "Password",
        [DataRequired("Choose a password.")],
        description=f"At least {SHORTEST_PASSWORD} characters. A sentence of four words does well.",
        render_kw={"autocomplete": "new-password"},
    )
    zone = SelectField("Time zone", choices=ZONES, default="UTC", description="Times of interviews are shown in it.")


class EditPersonForm(FlaskForm):
    name = _name_field("Name", "Enter a name.")
    role = SelectField("Role", choices=ROLE_CHOICES)
    is_active = BooleanField("May sign in", description="Without it, every session of this person ends at once. Their scorecards stay.")


class EditAccountForm(FlaskForm):
    name = _name_field("Name", "Enter your name.", autocomplete="name")
    zone = SelectField("Time zone", choices=ZONES)


class ChangePasswordForm(FlaskForm):
    current = PasswordField(
        "Present password", [DataRequired("Enter your present password.")], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        "New password",
        [DataRequired("Choose a new password.")],
        description=f"At least {SHORTEST_PASSWORD} characters. Every session ends, this one too.",
        render_kw={"autocomplete": "new-password"},
    )
