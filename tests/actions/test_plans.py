"""Plans, built and frozen, on the shipped bank."""

import pytest
from flask import Flask

from hiring.bank.models import Question
from hiring.bank.queries import get_question, list_skills
from hiring.db import db, transaction
from hiring.errors import Conflict, Invalid, NotFound
from hiring.loops import building
from hiring.loops.compiler.instance import Answer, Instance
from hiring.loops.compiling import build_sessions
from hiring.loops.offering import offer_questions
from hiring.loops.plan_actions import (
    add_question,
    discard_plan,
    move_question,
    pin_question,
    publish_plan,
    remove_question,
    start_plan,
    swap_question,
)
from hiring.loops.queries import get_plan, read_plan
from hiring.loops.rules import PlanState
from hiring.loops.sheet import find_faults
from hiring.openings.actions import create_opening
from tests.factories import World
from tests.people import add_people, person


@pytest.fixture
def draft(app: Flask) -> str:
    """The id of a draft with the standard sessions, for all skills of the shipped bank."""
    with app.app_context(), transaction():
        manager = add_people()["manager"]
        opening = create_opening(manager, title="Tech lead", level=3, skills=list_skills(), manager=manager)
        return start_plan(manager, opening).id


def build(plan_id: str) -> None:
    with transaction():
        build_sessions(person("manager"), get_plan(plan_id))


def test_one_press_covers_all_skills_of_the_shipped_bank_in_the_standard_sessions(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        sheet = read_plan(get_plan(draft))
        assert sheet.gaps() == {}
        assert find_faults(sheet) == []
        for session in sheet.sessions:
            assert session.asked_minutes <= session.usable_minutes


def test_building_again_changes_nothing(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        first = read_plan(get_plan(draft))
        build(draft)
        assert read_plan(get_plan(draft)) == first


def test_what_is_pinned_stays_where_it_is(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        with transaction():
            place = get_plan(draft).sessions[3].questions[0]
            pin_question(person("manager"), get_plan(draft), place, pinned=True)
            pinned = (place.question_id, place.session_id)
        with transaction():
            plan = get_plan(draft)
            remove_question(person("manager"), plan, plan.sessions[0].questions[0])
        build(draft)
        sheet = read_plan(get_plan(draft))
        assert pinned in {(question.id, session.id) for session in sheet.sessions for question in session.questions}


def test_a_pinned_question_of_an_unusual_kind_is_built_around(app: Flask, draft: str) -> None:
    with app.app_context():
        with transaction():
            session = get_plan(draft).sessions[1]
            add_question(person("manager"), get_plan(draft), session, get_question("team-management-who-joins"))
        build(draft)
        assert "team-management-who-joins" in {question.id for question in read_plan(get_plan(draft)).sessions[1].questions}


def test_pins_that_go_over_the_minutes_are_named_before_building(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        with transaction():
            for place in get_plan(draft).sessions[0].questions:
                pin_question(person("manager"), get_plan(draft), place, pinned=True)
            get_plan(draft).sessions[0].minutes = 45
        with pytest.raises(Conflict, match="What is pinned in Leading people takes"):
            build(draft)


def test_a_swap_takes_the_place_and_its_offer_said_what_it_would_change(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        with transaction():
            plan = get_plan(draft)
            place = plan.sessions[1].questions[2]
            before = {skill.name: len(read_plan(plan).sessions_marking(skill.id)) for skill in read_plan(plan).skills}
            offer = offer_questions(plan, place.session, out=place)[0]
            swap_question(person("manager"), plan, place, get_question(offer.question.id))
            sheet = read_plan(plan)
            after = {skill.name: len(sheet.sessions_marking(skill.id)) for skill in sheet.skills}
            assert {name for name in after if after[name] > before[name]} == set(offer.gains)
            assert {name for name in after if after[name] < before[name]} == set(offer.loses)
            assert sheet.sessions[1].questions[2].is_pinned


def test_a_plan_asks_nothing_twice(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        with transaction():
            plan = get_plan(draft)
            asked = plan.sessions[0].questions[0].question
            with pytest.raises(Conflict, match="asks this already"):
                add_question(person("manager"), plan, plan.sessions[4], asked)


def test_questions_move_within_their_session(app: Flask, draft: str) -> None:
    with app.app_context():
        build(draft)
        with transaction():
            plan = get_plan(draft)
            order = [place.id for place in plan.sessions[0].questions]
            move_question(person("manager"), plan, plan.sessions[0].questions[1], by=-1)
            assert [place.id for place in plan.sessions[0].questions] == [order[1], order[0], *order[2:]]


def test_a_published_plan_keeps_its_words_and_takes_no_change(app: Flask, world: World) -> None:
    with app.app_context():
        before = read_plan(get_plan(world.plan))
        with transaction():
            question = db.session.get_one(Question, before.sessions[0].questions[0].id)
            question.text, question.links[0].skill.anchors_json = "Another text", {str(mark): f"New {mark}" for mark in range(1, 6)}
        plan = get_plan(world.plan)
        assert read_plan(plan) == before
        with transaction(), pytest.raises(Conflict, match="frozen"):
            remove_question(person("manager"), get_plan(world.plan), get_plan(world.plan).sessions[0].questions[0])


def test_a_new_version_copies_the_published_one_and_replaces_it(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction():
            plan = get_plan(world.plan)
            fresh = start_plan(person("manager"), plan.opening)
            assert start_plan(person("manager"), plan.opening) is fresh
            assert [len(session.questions) for session in fresh.sessions] == [len(session.questions) for session in plan.sessions]
            publish_plan(person("manager"), fresh)
        assert get_plan(world.plan).state is PlanState.REPLACED
        assert read_plan(get_plan(world.plan)).question_count == 4


def test_an_empty_plan_is_not_published(app: Flask, draft: str) -> None:
    with app.app_context(), transaction(), pytest.raises(Invalid, match="asks nothing yet"):
        publish_plan(person("manager"), get_plan(draft))


def test_a_draft_can_be_thrown_away(app: Flask, draft: str) -> None:
    with app.app_context():
        with transaction():
            discard_plan(person("manager"), get_plan(draft))
        with pytest.raises(NotFound):
            get_plan(draft)


def test_what_somebody_adds_while_the_plan_is_built_is_not_lost(app: Flask, draft: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build_at_once = building.build

    def build_slowly(instance: Instance, **limits: float) -> Answer:
        answer = build_at_once(instance, **limits)
        with transaction():
            plan = get_plan(draft)
            chosen = {question_id for question_id, _ in answer.questions}
            offer = next(one for one in offer_questions(plan, plan.sessions[0]) if one.question.id not in chosen)
            add_question(person("manager"), plan, plan.sessions[0], offer.question)
        return answer

    monkeypatch.setattr(building, "build", build_slowly)
    with app.app_context():
        with pytest.raises(Conflict, match="while the plan was being built"):
            build(draft)
        assert read_plan(get_plan(draft)).question_count == 1
