"""The `flask ...` commands, one file a noun."""

from flask import Flask

from hiring.commands.accounts import accounts_group
from hiring.commands.bank import bank_group
from hiring.commands.debrief import debrief_group
from hiring.commands.interviewers import interviewers_group
from hiring.commands.loops import loops_group
from hiring.commands.openings import openings_group
from hiring.commands.sample import sample_group
from hiring.commands.set_up import set_up


def init_commands(app: Flask) -> None:
    """Make the commands known to `flask`."""
    for group in (accounts_group, bank_group, interviewers_group, openings_group, loops_group, debrief_group, sample_group):
        app.cli.add_command(group)
    app.cli.add_command(set_up)
