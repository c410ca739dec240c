"""Fields of the account pages."""

from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Email, Length

from hiring.accounts.rules import SHORTEST_PASSWORD
from hiring.permissions import Role
from hiring.web import as_choices

NOT_PLACES = ("Etc/", "posix/", "right/", "SystemV/")
PLACES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(NOT_PLACES))
ZONES = as_choices({zone: zone.replace("_", " ") for zone in (*PLACES, "UTC")})
ROLE_CHOICES = as_choices({role.value: role.value.capitalize() for role in Role})


class SignInForm(FlaskForm):
    email = EmailField(
        "E-mail address",
        [DataRequired("Enter your e-mail address."), Length(max=254, message="No e-mail address is so long.")],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField("Password", [DataRequired("Enter your password.")], render_kw={"autocomplete": "current-password"})
    next = HiddenField()


class InvitePersonForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)])
    email = EmailField(
        "E-mail address", [DataRequired("Enter an e-mail address."), Email("Enter an address such as name@example.org."), Length(max=254)]
    )
    role = SelectField("Role", choices=ROLE_CHOICES)


class AcceptInvitationForm(FlaskForm):
    name = StringField("Your name", [DataRequired("Enter your name."), Length(max=120)], render_kw={"autocomplete": "name"})
    password = PasswordField(
        "Password",
        [DataRequired("Choose a password.")],
        description=f"At least {SHORTEST_PASSWORD} characters. A sentence of four words does well.",
        render_kw={"autocomplete": "new-password"},
    )
    zone = SelectField("Time zone", choices=ZONES, default="UTC", description="Times of interviews are shown in it.")


class EditPersonForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)])
    role = SelectField("Role", choices=ROLE_CHOICES)
    is_active = BooleanField("May sign in", description="Without it, every session of this person ends at once. Their scorecards stay.")


class EditAccountForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter your name."), Length(max=120)], render_kw={"autocomplete": "name"})
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
