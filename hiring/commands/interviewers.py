"""`flask interviewers`: who can judge what, from the command line."""

import json
from typing import Any

import click
from flask.cli import AppGroup

from hiring.accounts.queries import find_person_by_email, list_people
from hiring.commands.acting import acting
from hiring.db import transaction
from hiring.formatting import count
from hiring.interviewers import actions, queries
from hiring.interviewers.rules import Judge
from hiring.permissions import Actor, Can, ensure

interviewers_group = AppGroup("interviewers", help="Who can judge which skill, and how much each takes on.")


@interviewers_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@acting
def list_(actor: Actor, as_json: bool) -> None:
    """List people with what they can judge."""
    ensure(actor, Can.READ_INTERVIEWERS)
    emails = {person.id: person.email for person in list_people(active_only=True)}
    found = [_describe(judge, emails[judge.id]) for judge in queries.list_interviewers()]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        free = "always free" if one["free"] is None else count(len(one["free"]), "free time")
        click.echo(f"{one['email']}\t{one['name']}\tseniority {one['seniority']}\tlimit {one['limit']}\t{free}\t{','.join(one['skills'])}")


def _describe(judge: Judge, email: str) -> dict[str, Any]:
    free = None if judge.free is None else [[starts_at.isoformat(), ends_at.isoformat()] for starts_at, ends_at in judge.free]
    return {
        "id": judge.id,
        "email": email,
        "name": judge.name,
        "zone": judge.zone,
        "seniority": judge.seniority,
        "limit": judge.limit,
        "skills": sorted(judge.skill_ids),
        "free": free,
    }


@interviewers_group.command("set")
@click.argument("email")
@click.option("--skills", help="Ids of skills with commas between them: what the person can judge, and nothing else.")
@click.option("--limit", type=int, help="Loops that may be under way at once.")
@click.option("--seniority", type=int, help="From 1, junior, to 5, most senior.")
@acting
def set_(actor: Actor, email: str, skills: str | None, limit: int | None, seniority: int | None) -> None:
    """Say what the person with this EMAIL can judge; what is left out stays as it is."""
    ensure(actor, Can.EDIT_INTERVIEWERS)
    with transaction():
        person = find_person_by_email(email)
        if person is None:
            raise click.ClickException(f"Nobody has the e-mail address {email}.")
        before = queries.get_interviewer(person.id)
        skill_ids = before.skill_ids if skills is None else {one.strip() for one in skills.split(",") if one.strip()}
        limit = before.limit if limit is None else limit
        seniority = before.seniority if seniority is None else seniority
        actions.describe_interviewer(actor, person, seniority=seniority, limit=limit, skill_ids=skill_ids)
        name = person.name
    click.echo(f"{name}: {count(len(skill_ids), 'skill')}, limit {limit}, seniority {seniority}")
