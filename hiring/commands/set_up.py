"""`flask set-up`: what a first start needs, and nothing on every later one."""

import os
import shutil
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from hiring.accounts import actions
from hiring.accounts.queries import find_person_by_email, list_people
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.bank.queries import list_skills
from hiring.commands.acting import OPERATOR
from hiring.commands.passwords import make_password
from hiring.commands.sample import load_sample
from hiring.config import ROOT
from hiring.db import transaction
from hiring.errors import HiringError
from hiring.permissions import Role
from hiring.printing import WEB_FONTS, find_web_font

SHIPPED_BANK = ROOT / "hiring" / "bank" / "content" / "tech_lead"
FIRST_ADMIN = "admin@example.org"
RESERVE = 16 * 1024 * 1024
"""Bytes to be had at once when the disk is full: SQLite needs room even to delete something."""


@click.command("set-up")
@click.option("--sample/--no-sample", default=True, envvar="LOOPCARD_SAMPLE", help="Load the sample on the first start.")
@with_appcontext
def set_up(sample: bool) -> None:
    """Load the shipped bank, make the first admin and the sample, and say how to sign in. Safe to run again."""
    first_start = not list_people()
    for name in WEB_FONTS:
        find_web_font(name, current_app.instance_path)
    if current_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") and not keep_reserve(Path(current_app.instance_path)):
        click.echo("The disk is nearly full: no reserve is kept in the instance folder until there is room.", err=True)
    if not list_skills():
        with transaction():
            done = import_bank(OPERATOR, read_bank_folder(SHIPPED_BANK))
        click.echo(f"The tech-lead bank is loaded: {done.created} skills, frames and questions.", err=True)
    if first_start:
        password = _make_first_admin()
        if sample:
            click.echo(_load_sample(password), err=True)
    click.echo(say_how_to_sign_in())


def _load_sample(password: str) -> str:
    """What became of the sample: an installation does very well without."""
    try:
        load_sample(password, admin_email=FIRST_ADMIN)
    except HiringError as error:
        return f"The sample could not be loaded: {error} To try again: ./run flask sample load"
    return "A sample opening is loaded: seven candidates, five panelists (`./run flask sample remove` takes it away)."


def keep_reserve(instance: Path) -> bool:
    """Have a file to delete when the disk is full; not made where it would itself fill the disk. Whether it is there."""
    path = instance / "reserve"
    if path.exists() and path.stat().st_size == RESERVE:
        return True
    if shutil.disk_usage(instance).free < 4 * RESERVE:
        return False
    try:
        path.write_bytes(os.urandom(RESERVE))  # zeros might take no room: some disks store them as a number
    except OSError:  # a quota, which the disk doesn't tell of
        path.unlink(missing_ok=True)
        return False
    return True


def _note() -> Path:
    return Path(current_app.instance_path) / "first-sign-in.txt"


def _make_first_admin() -> str:
    """An admin with a password made here; it is kept in instance/ for this user's eyes, until it is changed."""
    password = make_password()
    password_hash = actions.hash_password(password)
    _note().unlink(missing_ok=True)  # and written before the account: killed in between, the next start makes both anew
    with os.fdopen(os.open(_note(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    with transaction():
        actions.add_person(OPERATOR, email=FIRST_ADMIN, name="Admin", role=Role.ADMIN, password_hash=password_hash)
    return password


def say_how_to_sign_in() -> str:
    """The lines that a start ends with: the address, and the first password as long as it holds."""
    url = current_app.config["LOOPCARD_URL"]
    if not _note().exists():
        return f"Sign in at {url}"
    password = _note().read_text().strip()
    admin = find_person_by_email(FIRST_ADMIN)
    if admin is None or not actions.password_fits(admin, password):
        _note().unlink()
        return f"Sign in at {url}"
    lines = [f"Sign in at {url}", f"  e-mail    {FIRST_ADMIN}", f"  password  {password}"]
    others = [person.email for person in list_people(active_only=True) if person.is_sample]
    if others:
        lines.append(f"The sample's people have the same password: {', '.join(others)}")
    lines.append("Change it under your account; until then it is kept in instance/first-sign-in.txt.")
    return "\n".join(lines)
