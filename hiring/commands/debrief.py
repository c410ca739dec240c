"""`flask debrief`: the comparison of an opening, as text, JSON or PDF, and the same statistics of a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup

from hiring.commands.acting import acting
from hiring.commands.figures import write_figures
from hiring.debrief.computing import compute as compute_figures
from hiring.debrief.files import Unusable, read_ratings, read_weights
from hiring.debrief.pdf import render_comparison
from hiring.debrief.queries import Debrief, get_debrief, list_revealed, read_sheet
from hiring.debrief.ratings import Scale
from hiring.debrief.sheet import Sheet, sheet_to_dict
from hiring.errors import Conflict, Invalid
from hiring.formatting import percent, score
from hiring.permissions import Actor, Can, ensure

Made = TypeVar("Made")
WIDEST_SCALE = 100
"""Marks from the lowest to the highest: beyond, they are measurements."""

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


@debrief_group.command("compute")
@click.argument("rows", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--weights", type=click.Path(dir_okay=False, path_type=Path), help="CSV of skill, weight, must_have. Default: all weigh the same."
)
@click.option("--scale", type=(int, int), default=(1, 5), show_default=True, metavar="LOW HIGH", help="The lowest and the highest mark.")
@click.option("--json", "as_json", is_flag=True, help="Everything, unrounded.")
def compute(rows: Path, weights: Path | None, scale: tuple[int, int], as_json: bool) -> None:
    """Compute the debrief's statistics from ROWS, a CSV of candidate, interviewer, session, skill, mark (docs/scoring.md)."""
    if not 0 < scale[1] - scale[0] <= WIDEST_SCALE:
        raise click.ClickException(f"A scale has a low and a higher mark, at most {WIDEST_SCALE} apart.")
    marks = Scale(*scale)
    rule = _read(weights, lambda data: read_weights(data, marks)) if weights else None
    found = _read(rows, lambda data: read_ratings(data, marks))
    figures = compute_figures(found.ratings, rule, scale=marks, warnings=found.warnings)
    click.echo(json.dumps(sheet_to_dict(figures), ensure_ascii=False, indent=2) if as_json else write_figures(figures))


def _read(path: Path, read: Callable[[bytes], Made]) -> Made:
    """What `read` makes of a file; else its faults, each on a line with the file's name, and exit 1."""
    try:
        return read(path.read_bytes())
    except OSError as error:
        raise click.ClickException(f"{path} can't be read: {error.strerror}.") from error
    except Unusable as error:
        raise click.ClickException("\n".join([f"{path}: {error}", *(f"  {path}, {fault}" for fault in error.faults)])) from error
