"""`flask accounts`: people, from the command line."""

import json

import click
from flask.cli import AppGroup

from hiring.accounts import actions
from hiring.accounts.queries import find_person_by_email, list_people
from hiring.accounts.rules import check_email, check_password
from hiring.commands.acting import acting
from hiring.commands.passwords import make_password
from hiring.db import transaction
from hiring.permissions import Actor, Can, Role, ensure

accounts_group = AppGroup("accounts", help="People who sign in.")


@accounts_group.command("add")
@click.argument("email")
@click.option("--name", help="As it is shown; without it, what stands before the @.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.INTERVIEWER.value, show_default=True)
@click.option("--zone", default="UTC", show_default=True, help="IANA time zone.")
@click.option("--password", help="Made here and printed when left out.")
@acting
def add(actor: Actor, email: str, name: str | None, role: str, zone: str, password: str | None) -> None:
    """Add a person with a password."""
    ensure(actor, Can.MANAGE_PEOPLE)
    made = make_password() if password is None else ""
    password = password or made
    check_email(email)  # first, because the password may not hold it and the name is made of it
    check_password(password, email=email)
    name = email.split("@")[0].replace(".", " ").title() if name is None else name
    password_hash = actions.hash_password(password)
    with transaction():
        person = actions.add_person(actor, email=email, name=name, role=Role(role), password_hash=password_hash, zone=zone)
        click.echo(f"{person.name} can sign in as {person.email}, {person.role}." + (f" Password: {made}" if made else ""))


@accounts_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@acting
def list_(actor: Actor, as_json: bool) -> None:
    """List people."""
    ensure(actor, Can.MANAGE_PEOPLE)
    people = [{"email": one.email, "name": one.name, "role": one.role.value, "active": one.is_active} for one in list_people()]
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    for one in people:
        click.echo(f"{one['email']}\t{one['name']}\t{one['role']}\t{'active' if one['active'] else 'closed'}")


@accounts_group.command("password")
@click.argument("email")
@click.option("--password", help="Made here and printed when left out.")
@acting
def password_(actor: Actor, email: str, password: str | None) -> None:
    """Set somebody's password and end their sessions."""
    ensure(actor, Can.MANAGE_PEOPLE)
    made = make_password() if password is None else ""
    with transaction():
        person = find_person_by_email(email)
        if person is None:
            raise click.ClickException(f"Nobody has the e-mail address {email}.")
        actions.change_password(actor, person, new=password or made)
    click.echo(f"The password of {email} is changed." + (f" It is: {made}" if made else ""))
