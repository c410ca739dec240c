"""What can be asked: every GET rule of the app with the ids of a place, and every command that reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import click
from flask import Flask
from werkzeug.routing import Rule

from tests.blindness.place import BUILD, Place
from tests.blindness.twins import Card
from tests.factories import SKILLS

FAR = ("accounts.", "bank.", "interviewers.", "openings.", "static", "home.font", "home.health")
"""Endpoints that know no card: they are asked in turn, the others in every state. A new page belongs to the others."""
FAR_LOOPS = {"loops.show_loop", "loops.show_opening", "loops.show_openings"}
"""Of the pages of loops and plans, those that say how far a panel is."""


@dataclass(frozen=True)
class Address:
    """A page. is_near: whether cards are what it is about."""

    endpoint: str
    path: str
    is_near: bool


def list_queries(place: Place) -> dict[str, list[str]]:
    """What stands behind the question mark, where that changes the page."""
    some = "&".join(f"candidate={table.candidacy}" for table in place.tables[1:])
    whole = "&".join(f"candidate={table.candidacy}" for table in place.tables)
    return {
        "debrief.show_debrief": ["", some, f"candidate={place.tables[0].candidacy}"],
        "debrief.comparison_pdf": ["", whole, some, f"candidate={place.tables[0].candidacy}"],
        "scorecards.list_revisions": ["", "every=1"],
        "home.list_audit": ["", "act=scorecards"],
        "bank.list_questions": ["", "q=incident&page=2"],
        "accounts.sign_in": ["next=/scorecards/"],
    }


def list_addresses(app: Flask, place: Place, cards: list[Card], author: str) -> list[Address]:
    """All of them for one state. A rule that speaks of something new fails here until it is said what that stands for."""
    values = {
        **place.names,
        "key": [place.world.slug, place.world.opening],
        "candidacy_id": [table.candidacy for table in place.tables],
        "loop_id": [table.loop for table in place.tables],
        "seat_id": [seat for table in place.tables for seat in table.seats.values()],
        "card_id": [card.id for card in cards],
        "refused_id": [text for card in cards if card.author == author for text in card.refused][:1] or ["0" * 32],
        "amendment_id": [one for card in cards for one in card.amended][:1] or ["0" * 32],
        "person_id": [place.people[part] for part in ("ana", "ben", "manager")],
        "skill_id": [*SKILLS],
        "number": ["1", "2"],
        "build_id": [BUILD],
        "name": ["nothing.woff2"],
        "filename": ["icon.svg"],
    }
    own = {card.id for card in cards if card.author == author}
    queries = list_queries(place)
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            for path, made_of in _build(app, rule, values):
                near = _is_near(rule.endpoint, made_of, own, place)
                found += [Address(rule.endpoint, f"{path}?{query}" if query else path, near) for query in queries.get(rule.endpoint, [""])]
    return sorted(found, key=lambda one: one.path)


def _build(app: Flask, rule: Rule, values: dict[str, list[str]]) -> Iterator[tuple[str, dict[str, str]]]:
    adapter = app.url_map.bind("localhost")
    for chosen in product(*(values[name] for name in rule.arguments)):
        made_of = dict(zip(rule.arguments, chosen, strict=True))
        yield adapter.build(rule.endpoint, made_of), made_of


def _is_near(endpoint: str, made_of: dict[str, str], own: set[str], place: Place) -> bool:
    if endpoint.startswith(FAR) or (endpoint.startswith("loops.") and endpoint not in FAR_LOOPS):
        return False
    if "card_id" in made_of:  # of colleagues' cards, what they say is enough
        return made_of["card_id"] in own or endpoint == "scorecards.show_scorecard"
    return made_of.get("key", place.world.slug) == place.world.slug and endpoint != "scorecards.open_scorecard"


READS: dict[str, list[list[str]]] = {
    "accounts list": [["--json"]],
    "bank export": [[]],
    "interviewers list": [["--json"], []],
    "openings list": [["--json"], []],
    "debrief sheet": [["{slug}", "--json"], ["{opening}"], ["{slug}", "--json", "--candidates", "{first}"]],
    "debrief pdf": [["{slug}", "-o", "{out}"], ["{slug}", "-o", "{out}", "--candidates", "{others}"]],
}
"""Every command that reads, with what it is given; the names are put in for each place."""
LEFT_OUT = {
    "accounts add": "it writes",
    "accounts password": "it writes",
    "bank import": "it writes",
    "debrief compute": "it reads a file, and no database",
    "interviewers set": "it writes",
    "loops build": "it writes a plan",
    "loops solve": "it reads a file, and no database",
    "sample load": "it writes",
    "sample remove": "it writes",
    "set-up": "it writes",
    "db": "Flask-Migrate's own: the schema, and no row",
}
"""Commands that are not asked, each with the reason."""


def name_arguments(place: Place, out: Path) -> dict[str, str]:
    """What the names in READS stand for. out: the file that a document is written to."""
    others = ",".join(table.name for table in place.tables[1:])
    return {"slug": place.world.slug, "opening": place.world.opening, "out": str(out), "first": place.tables[0].name, "others": others}


def list_commands(app: Flask) -> set[str]:
    """Every command of ours that `flask` knows, as it is typed; a group of others counts as one."""
    found = set()
    for name, command in app.cli.commands.items():
        if isinstance(command, click.Group) and name != "db":
            found |= {f"{name} {one}" for one in command.commands}
        else:
            found.add(name)
    return found
