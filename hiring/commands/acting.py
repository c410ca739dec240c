"""As whom a command acts: a person by `--as EMAIL`, else the installation's operator, whom the audit trail names."""

import functools
from collections.abc import Callable
from typing import Any

import click

from hiring.accounts.queries import find_person_by_email
from hiring.errors import HiringError
from hiring.permissions import Actor, Operator

OPERATOR = Operator()


def find_actor(email: str | None) -> Actor:
    """The person with this e-mail address, or the operator where none is given."""
    if email is None:
        return OPERATOR
    person = find_person_by_email(email)
    if person is None or not person.is_active:
        raise click.ClickException(f"Nobody who may sign in has the e-mail address {email}.")
    return person


def acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--as EMAIL`, pass the actor first, and turn our errors into a line on standard error and exit 1."""

    @click.option("--as", "as_email", metavar="EMAIL", help="Act as this person; without it, as the operator.")
    @functools.wraps(command)
    def wrapped(*args: Any, as_email: str | None, **values: Any) -> Any:
        try:
            return command(find_actor(as_email), *args, **values)
        except HiringError as error:
            details = [f"  {sentence}" for sentence in getattr(error, "fields", {}).values() if sentence != str(error)]
            raise click.ClickException("\n".join([str(error), *details])) from error

    return wrapped
