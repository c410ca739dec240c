"""What SQLite takes and PostgreSQL refuses is refused in words, or not found, and never a failure of ours."""

import pytest
from flask import Flask

from hiring.openings.queries import get_opening
from tests.factories import World, enter


@pytest.fixture
def kind() -> str:
    return "postgresql"


UNFIT = {"a NUL": "a\0b", "a book": "x" * 30_000}


@pytest.mark.parametrize("typed", UNFIT.values(), ids=UNFIT)
def test_what_can_t_be_kept_is_refused_in_words(app: Flask, world: World, typed: str) -> None:
    app.testing = False
    manager = enter(app, world, "manager")
    with app.app_context():
        opening = get_opening(world.slug)
        fields = {"title": opening.title, "level": str(opening.level)}
    for address, data in (
        ("/openings/new", {"title": typed, "level": "3", "skills": "empathy"}),
        (f"/openings/{world.slug}/edit", {**fields, "title": typed}),  # found out at the commit
        ("/sign-in", {"email": typed, "password": "not the right words"}),
    ):
        assert manager.post(address, data=data).status_code == 422, address
    with app.app_context():
        assert get_opening(world.slug).title == fields["title"]


@pytest.mark.parametrize("address", ["/openings/%00", "/scorecards/%00", "/bank/%00", "/people/%00", "/openings/" + "x" * 3000])
def test_an_address_that_can_t_be_kept_is_nobody_s(app: Flask, world: World, address: str) -> None:
    app.testing = False
    assert enter(app, world, "admin").get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/audit?before=9223372036854775807", "/audit?act=%00", "/bank/?text=%00", "/bank/?q=%00", "/audit?before=" + "9" * 30]
)
def test_a_search_for_what_can_t_be_kept_finds_nothing(app: Flask, world: World, address: str) -> None:
    app.testing = False
    assert enter(app, world, "admin").get(address).status_code in {200, 404}
