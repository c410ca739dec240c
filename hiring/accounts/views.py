"""Pages of accounts: signing in and out, people, invitations, one's own account."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from hiring.accounts import actions, queries
from hiring.accounts.forms import (
    AcceptInvitationForm,
    ChangePasswordForm,
    EditAccountForm,
    EditPersonForm,
    InvitePersonForm,
    SignInForm,
)
from hiring.accounts.rules import check_invitation, check_password
from hiring.db import db, now
from hiring.errors import HiringError, Invalid
from hiring.permissions import Can, Role, ensure
from hiring.web import answer_form, current_actor, page_here

blueprint = Blueprint("accounts", __name__)
Page = str | Response | tuple[str, int]


def _start_session(token: str) -> None:
    session.clear()
    session["token"] = token


def _me() -> queries.Person:
    return queries.get_person(current_actor().id)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Page:
    form = SignInForm(data={"next": page_here(request.args.get("next"))})
    if form.validate_on_submit():
        try:
            token = actions.sign_in(
                form.email.data or "", form.password.data or "", address=request.remote_addr or "", browser=request.user_agent.string
            )
        except Invalid as error:
            return answer_form("accounts/sign_in.html", form, error)
        except actions.TooManyFailures as error:
            return render_template("accounts/sign_in.html", form=form, problem=str(error)), error.status
        _start_session(token)
        return redirect(page_here(form.next.data) or url_for("home.show_home"), 303)
    return answer_form("accounts/sign_in.html", form)


@blueprint.post("/sign-in/again")
def sign_in_again() -> dict[str, str]:
    """The sign-in over a page that is open, for its script: the page stays, and goes on with the new token of its forms."""
    form = SignInForm()
    if not form.validate_on_submit():
        raise Invalid("E-mail address or password is missing.")
    token = actions.sign_in(
        form.email.data or "", form.password.data or "", address=request.remote_addr or "", browser=request.user_agent.string
    )
    _start_session(token)
    return {"csrf_token": generate_csrf()}


@blueprint.post("/sign-out")
def sign_out() -> Response:
    actions.sign_out(current_actor(), session["token"])
    session.clear()
    response = redirect(url_for("accounts.sign_in"), 303)
    # Not "storage": text that another page of theirs had not saved is kept there as ciphertext, and its key is not.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/people")
def list_people() -> Page:
    ensure(current_actor(), Can.MANAGE_PEOPLE)
    return render_template("accounts/list_people.html", people=queries.list_people(), invitations=queries.list_open_invitations(now()))


@blueprint.route("/people/invite", methods=["GET", "POST"])
def invite_person() -> Page:
    ensure(current_actor(), Can.MANAGE_PEOPLE)
    form = InvitePersonForm()
    if not form.validate_on_submit():
        return answer_form("accounts/invite_person.html", form)
    try:
        invitation, token = actions.invite_person(
            current_actor(), email=form.email.data or "", name=form.name.data or "", role=Role(form.role.data)
        )
    except Invalid as error:
        return answer_form("accounts/invite_person.html", form, error)
    link = current_app.config["LOOPCARD_URL"].rstrip("/") + url_for("accounts.accept_invitation", token=token)
    return render_template("accounts/_invitation_link.html", invitation=invitation, link=link)


@blueprint.post("/people/invitations/<invitation_id>/revoke")
def revoke_invitation(invitation_id: str) -> Response:
    ensure(current_actor(), Can.MANAGE_PEOPLE)
    actions.revoke_invitation(current_actor(), queries.get_invitation(invitation_id))
    flash("The invitation has ended: its link no longer works.")
    return redirect(url_for("accounts.list_people"), 303)


@blueprint.route("/people/<person_id>", methods=["GET", "POST"])
def edit_person(person_id: str) -> Page:
    ensure(current_actor(), Can.MANAGE_PEOPLE)
    person = queries.get_person(person_id)
    form = EditPersonForm(data={"name": person.name, "role": person.role.value, "is_active": person.is_active})
    if not form.validate_on_submit():
        return answer_form("accounts/edit_person.html", form, person=person)
    actions.change_person(current_actor(), person, name=form.name.data or "", role=Role(form.role.data), is_active=form.is_active.data)
    flash(f"{person.name} is saved. It holds from their next click on.")
    return redirect(url_for("accounts.list_people"), 303)


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def accept_invitation(token: str) -> Page:
    invitation = queries.get_invitation_by_token(token)
    check_invitation(expires_at=invitation.expires_at, used_at=invitation.used_at, revoked_at=invitation.revoked_at, now=now())
    form = AcceptInvitationForm(data={"name": invitation.name})
    if not form.validate_on_submit():
        return answer_form("accounts/accept_invitation.html", form, invitation=invitation)
    try:
        check_password(form.password.data or "", email=invitation.email)
    except Invalid as error:
        return answer_form("accounts/accept_invitation.html", form, error, invitation=invitation)
    db.session.rollback()  # no transaction is open while argon2 works
    password_hash = actions.hash_password(form.password.data or "")
    person = actions.accept_invitation(invitation, name=form.name.data or "", password_hash=password_hash, zone=form.zone.data)
    _start_session(actions.open_session(person.id, browser=request.user_agent.string))
    return redirect(url_for("home.show_home"), 303)


@blueprint.route("/account", methods=["GET", "POST"])
def edit_account() -> Page:
    person = _me()
    form = EditAccountForm(data={"name": person.name, "zone": person.zone})
    if not form.validate_on_submit():
        return answer_form("accounts/edit_account.html", form, person=person, sign_ins=queries.list_sign_ins(person))
    actions.change_account(current_actor(), person, name=form.name.data or "", zone=form.zone.data)
    flash("Your account is saved.")
    return redirect(url_for("accounts.edit_account"), 303)


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> Page:
    person = _me()
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return answer_form("accounts/change_password.html", form)
    try:
        actions.check_own_password(person, form.current.data or "")
        actions.change_password(current_actor(), person, new=form.password.data or "")
    except HiringError as error:
        return answer_form("accounts/change_password.html", form, error)
    session.clear()
    flash("Your password is changed and every session has ended. Sign in with the new one.")
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    actions.sign_out_everywhere(current_actor(), _me())
    session.clear()
    flash("Every session of yours has ended.")
    return redirect(url_for("accounts.sign_in"), 303)
