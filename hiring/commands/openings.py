"""`flask openings`: openings, from the command line."""

import json

import click
from flask.cli import AppGroup

from hiring.commands.acting import acting
from hiring.loops.queries import list_loops
from hiring.openings.models import Opening
from hiring.openings.queries import list_openings
from hiring.permissions import Actor

openings_group = AppGroup("openings", help="Openings and their candidates.")


@openings_group.command("list")
@click.option("--json", "as_json", is_flag=True)
@acting
def list_(actor: Actor, as_json: bool) -> None:
    """List the openings that you may read, with candidates and where their loops stand."""
    found = [_describe(opening) for opening in list_openings(actor)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(f"{one['slug']}\t{one['title']}\t{one['state']}\t{len(one['candidates'])} candidates")


def _describe(opening: Opening) -> dict:
    live = {loop.candidacy_id: loop for loop in list_loops(opening) if not loop.is_cancelled}
    candidates = [
        {"id": one.id, "name": one.name, "state": live[one.id].state.value if one.id in live else "not started"}
        for one in opening.candidacies
    ]
    return {
        "id": opening.id,
        "slug": opening.slug,
        "title": opening.title,
        "state": opening.state.value,
        "candidates": candidates,
        "states": {state: sum(one["state"] == state for one in candidates) for state in sorted({one["state"] for one in candidates})},
    }
