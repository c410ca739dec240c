"""`flask bank`: skills and questions in and out as YAML, from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup

from hiring.bank import actions, files, queries
from hiring.bank.rules import BankFile
from hiring.commands.acting import acting
from hiring.db import db, transaction
from hiring.errors import Conflict
from hiring.permissions import Actor, Can, ensure

bank_group = AppGroup("bank", help="Skills and questions.")


def _read(path: Path) -> BankFile:
    try:
        if path.is_dir():
            return files.read_bank_folder(path, queries.read_known())
        text = files.decode(path.read_bytes())
    except OSError as error:
        raise Conflict(f"{error.filename or path} can't be read: {error.strerror}.") from error
    return files.read_bank(text, queries.read_known(), path=str(path), largest=files.LARGEST_LOCAL)


@bank_group.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Say what would change, and change nothing.")
@acting
def import_(actor: Actor, path: Path, check: bool) -> None:
    """Take in PATH, a YAML file or a folder of them; a fault anywhere changes nothing."""
    ensure(actor, Can.EDIT_BANK)
    db.session.rollback()  # looking up the actor has opened a transaction that may only read
    with transaction():
        try:
            done = actions.import_bank(actor, _read(path), only_check=check)
        except files.Faulty as error:
            for fault in error.faults:
                click.echo(f"{fault.path}:{fault.line}: {fault.place}: {fault.message}", err=True)
            raise
    would = "would be " if check else ""
    click.echo(f"{done.created} {would}created, {done.changed} {would}changed, {done.unchanged} unchanged")


@bank_group.command("export")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of standard output.")
@acting
def export(actor: Actor, output: Path | None) -> None:
    """Write the whole bank as YAML."""
    ensure(actor, Can.READ_BANK)
    text = files.write_bank(queries.read_bank())
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Conflict(f"{output} can't be written: {error.strerror}.") from error
