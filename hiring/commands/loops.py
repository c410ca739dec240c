"""`flask loops`: plans, from the command line."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from hiring.commands.acting import acting
from hiring.db import db, transaction
from hiring.errors import HiringError, Invalid
from hiring.loops.building import build as build_plan
from hiring.loops.compiler.instance import MOST_SECONDS, write_answer
from hiring.loops.compiler.reading import read_instance, read_json
from hiring.loops.compiling import build_sessions
from hiring.loops.plan_actions import start_plan
from hiring.loops.queries import get_plan, read_plan
from hiring.loops.sheet import PlanSheet, find_warnings
from hiring.openings.queries import get_opening
from hiring.permissions import Actor, Can, ensure

loops_group = AppGroup("loops", help="Plans of interviews.")


@loops_group.command("solve")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--gap", type=click.FloatRange(0, 1), default=0.01, show_default=True, help="Stop within this share of the bound.")
@click.option("--seconds", type=click.FloatRange(0, MOST_SECONDS), default=10.0, show_default=True, help="Stop after so many seconds.")
def solve(file: Path, gap: float, seconds: float) -> None:
    """Build the plan of an instance in a JSON FILE and print the answer as JSON; a bad file ends with 2 and the place of its fault."""
    try:
        answer = build_plan(read_instance(read_json(file)), gap=gap, seconds=seconds)
    except Invalid as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(2) from error
    except HiringError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(write_answer(answer), ensure_ascii=False, indent=2))


@loops_group.command("build")
@click.argument("opening")
@click.option("--json", "as_json", is_flag=True, help="Print the built plan as JSON.")
@acting
def build(actor: Actor, opening: str, as_json: bool) -> None:
    """Choose the questions of every session of OPENING's draft plan (id or slug); pins are kept."""
    ensure(actor, Can.EDIT_OPENING, get_opening(opening))
    db.session.rollback()
    with transaction():
        plan_id = start_plan(actor, get_opening(opening)).id
    with transaction():
        built = build_sessions(actor, get_plan(plan_id))
        sheet = read_plan(get_plan(plan_id))
    if as_json:
        click.echo(json.dumps(_describe(sheet, built.summary), ensure_ascii=False, indent=2))
        return
    click.echo(built.summary)
    for one in built.shortfalls:
        mends = f" What would help: {'; '.join(one.mends)}." if one.mends else ""
        click.echo(f"  {one.said}{mends}")
    for session in sheet.sessions:
        click.echo(f"{session.name}: {len(session.questions)} questions, {session.asked_minutes} of {session.usable_minutes} minutes")
    for line in find_warnings(sheet):
        click.echo(f"  {line}")


def _describe(sheet: PlanSheet, summary: str) -> dict:
    return {
        "summary": summary,
        "version": sheet.version,
        "questions": [[question.id, session.id] for session in sheet.sessions for question in session.questions],
        "sessions": [
            {"id": one.id, "name": one.name, "minutes": one.minutes, "asked": one.asked_minutes, "questions": [q.id for q in one.questions]}
            for one in sheet.sessions
        ],
        "coverage": {skill.id: [session.id for session in sheet.sessions_marking(skill.id)] for skill in sheet.skills},
        "gaps": sheet.gaps(),
        "warnings": find_warnings(sheet),
    }
