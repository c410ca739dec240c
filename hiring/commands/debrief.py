"""`flask debrief`: the comparison of an opening, as text, JSON or PDF."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from hiring.commands.acting import acting
from hiring.debrief.pdf import render_comparison
from hiring.debrief.queries import Debrief, get_debrief, list_revealed, read_sheet
from hiring.debrief.sheet import Sheet, sheet_to_dict
from hiring.errors import Conflict, Invalid
from hiring.formatting import percent, score
from hiring.permissions import Actor, Can, ensure

debrief_group = AppGroup("debrief", help="Revealed candidates side by side.")
chosen_option = click.option(
    "--candidates",
    "names",
    multiple=True,
    metavar="NAME_OR_ID",
    help="Only these, by spaces or commas, or by repeating it. Default: all revealed.",
)


def _open(actor: Actor, key: str) -> Debrief:
    debrief = get_debrief(key)
    ensure(actor, Can.READ_DEBRIEF, debrief)
    return debrief


def _choose(actor: Actor, debrief: Debrief, names: tuple[str, ...]) -> list[str] | None:
    """Candidacy ids of the names or ids given; None where none is given."""
    wanted = [name.strip() for given in names for name in given.split(",") if name.strip()]
    if not wanted:
        return None
    revealed = list_revealed(actor, debrief)
    chosen = []
    for name in wanted:
        found = [loop.candidacy_id for loop in revealed if name == loop.candidacy_id or name.casefold() in loop.candidacy.name.casefold()]
        if len(found) != 1:
            raise Invalid(f"{name!r} fits {'no revealed candidate' if not found else 'more than one candidate: write more of the name'}.")
        chosen += found
    return chosen


@debrief_group.command("sheet")
@click.argument("opening")
@click.argument("more", nargs=-1)
@chosen_option
@click.option("--json", "as_json", is_flag=True, help="Everything, unrounded.")
@acting
def sheet(actor: Actor, opening: str, more: tuple[str, ...], names: tuple[str, ...], as_json: bool) -> None:
    """Print the comparison of OPENING (id or slug): scores by skill and candidate."""
    debrief = _open(actor, opening)
    made = read_sheet(actor, debrief, _choose(actor, debrief, (*names, *more)))
    click.echo(json.dumps(sheet_to_dict(made), ensure_ascii=False, indent=2) if as_json else _write(made))


def _write(made: Sheet) -> str:
    """The grid as tab-separated text."""
    lines = ["\t".join(["skill", "weight", *(candidate.name for candidate in made.candidates)])]
    for skill in made.skills:
        cells = [made.cell(skill.id, candidate.id) for candidate in made.candidates]
        told = [f"{score(cell.score)} (n {cell.n})" if cell.score is not None else cell.state.value for cell in cells]
        lines.append("\t".join([skill.name, f"{skill.weight:g}", *told]))
    totals = [f"{score(total.value)} ({percent(total.covered_share)} covered)" for total in made.totals]
    lines.append("\t".join(["total", "", *totals]))
    lines += [f"Seal of {one.name} broken early by {one.revealed_by}: {one.early_because}" for one in made.candidates if one.early_because]
    lines += [f"Not in here: {one.name} ({one.state})" for one in made.left_out]
    return "\n".join(lines)


@debrief_group.command("pdf")
@click.argument("opening")
@click.argument("more", nargs=-1)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
@chosen_option
@acting
def pdf(actor: Actor, opening: str, more: tuple[str, ...], output: Path, names: tuple[str, ...]) -> None:
    """Write the comparison PDF of OPENING (id or slug)."""
    debrief = _open(actor, opening)
    made = read_sheet(actor, debrief, _choose(actor, debrief, (*names, *more)))
    document = render_comparison(made)
    try:
        output.write_bytes(document)
    except OSError as error:
        raise Conflict(f"{output} can't be written: {error.strerror}.") from error
    click.echo(f"{output}: {len(made.candidates)} candidates.")
