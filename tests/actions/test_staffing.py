"""Plans with people: built with their judges, staffed for a candidate, mended when somebody is ill, started from templates."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from hiring.bank.queries import list_skills
from hiring.db import db, now, transaction
from hiring.errors import Conflict, Invalid, NotFound
from hiring.interviewers.actions import describe_interviewer
from hiring.loops import building
from hiring.loops.actions import add_candidate_span, create_loop, declare_conflict, follow_card, seat_interviewer
from hiring.loops.compiler.checker import find_faults
from hiring.loops.compiling import build_sessions, compare_builds, make_instance, start_building, take_build
from hiring.loops.plan_actions import lock_session, publish_plan, start_plan
from hiring.loops.queries import find_earlier_questions, get_loop, get_plan, list_set_aside, read_plan
from hiring.loops.staffing import list_movable, make_staffing, replace_interviewer, seat_shadows, staff_loop
from hiring.loops.template_actions import copy_plan, get_template, list_templates, save_template, start_from_template
from hiring.loops.templates import SHIPPED, Template
from hiring.loops.what_if import compare, leave_out
from hiring.openings.actions import add_candidate, create_opening, set_rule
from hiring.openings.models import Opening
from hiring.openings.queries import get_candidacy, get_opening
from hiring.openings.rules import SkillRule
from tests.factories import World
from tests.people import add_people, person

PANEL = ("ana", "ben", "outsider", "other manager")


@pytest.fixture
def opening(app: Flask) -> str:
    """The slug of an opening for all skills of the shipped bank; nobody has said yet what they judge."""
    with app.app_context(), transaction():
        manager = add_people()["manager"]
        return create_opening(manager, title="Tech lead", level=3, skills=list_skills(), manager=manager).slug


def let_judge(*parts: str, skills: tuple[str, ...]) -> None:
    with transaction():
        for part in parts:
            describe_interviewer(person("admin"), person(part), seniority=3, limit=3, skill_ids=skills)


def uncovered(template: Template) -> set[str]:
    return {skill.id for skill in list_skills()} - set(template.skill_ids) if template.skill_ids else set()


@pytest.mark.parametrize("template", SHIPPED, ids=[one.key for one in SHIPPED])
def test_each_shipped_template_builds_to_full_coverage_by_two_separate_raters(app: Flask, opening: str, template: Template) -> None:
    with app.app_context():
        everything = tuple(skill.id for skill in list_skills())
        let_judge("ana", "ben", "outsider", "other manager", "recruiter", "admin", "shadow", skills=everything)
        with transaction():
            found = get_opening(opening)
            rules = [row.rule for row in found.skills if row.skill_id not in uncovered(template)]
            set_rule(person("manager"), found, rules)
            plan_id = start_from_template(person("manager"), get_opening(opening), template).id
        instance = make_instance(get_plan(plan_id))
        answer = building.build(instance, gap=0.05, seconds=20)
        assert answer.unmet == ()
        assert find_faults(instance, answer.questions, answer.seats) == []
        for skill in instance.skills:
            assert len(answer.coverage[skill.id].sessions) >= 2
            assert len(answer.coverage[skill.id].people) >= 2


def test_a_plan_is_saved_versioned_and_copied(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction():
            for _ in range(2):
                save_template(person("manager"), get_plan(world.plan), name="Ledger")
            other = create_opening(person("manager"), title="Another", level=3, skills=list_skills(), manager=person("manager"))
            slug = other.slug
        kept = next(one for one in list_templates() if one.name == "Ledger")
        assert (kept.version, [one.name for one in kept.sessions]) == (2, ["First talk", "Second talk"])
        with transaction():
            plan = start_from_template(person("manager"), get_opening(slug), get_template(kept.key))
            with pytest.raises(Conflict, match="a draft already"):
                copy_plan(person("manager"), get_opening(slug), get_plan(world.plan))
        asked = [question.id for session in read_plan(plan).sessions for question in session.questions]
        assert asked == [question.id for session in read_plan(get_plan(world.plan)).sessions for question in session.questions]


def test_a_plan_of_others_can_not_be_copied(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        mine = create_opening(person("other manager"), title="Mine", level=3, skills=list_skills()[:2], manager=person("other manager"))
        with pytest.raises(NotFound):
            copy_plan(person("other manager"), mine, get_plan(world.plan))


def small(slug: str) -> Opening:
    """The opening with two skills only, for builds that take no time."""
    found = get_opening(slug)
    set_rule(person("manager"), found, [SkillRule("crisis-response"), SkillRule("empathy")])
    return found


def test_a_locked_session_stays_and_a_longer_search_can_be_taken_when_it_is_over(app: Flask, opening: str, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            plan_id = start_plan(person("manager"), small(opening)).id
        with transaction():
            build_sessions(person("manager"), get_plan(plan_id))
        with transaction():
            first = get_plan(plan_id).sessions[0]
            lock_session(person("manager"), get_plan(plan_id), first, locked=True)
            before = [place.question_id for place in first.questions]
        build_id = start_building(person("manager"), get_plan(plan_id), tmp_path / "builds", is_best=False)
        progress = building.wait_for_build(tmp_path / "builds", build_id, seconds=60)
        assert not progress.is_running
        with transaction():
            built = take_build(person("manager"), get_plan(plan_id), tmp_path / "builds", build_id)
        assert built.unmet == ()
        assert [place.question_id for place in get_plan(plan_id).sessions[0].questions] == before


def test_a_build_that_is_stopped_keeps_the_best_plan_so_far(app: Flask, opening: str, tmp_path: Path) -> None:
    with app.app_context():
        with transaction():
            plan_id = start_plan(person("manager"), get_opening(opening)).id
        folder = tmp_path / "builds"
        build_id = start_building(person("manager"), get_plan(plan_id), folder, is_best=True)
        progress = building.read_build(folder, build_id)
        for _ in range(600):
            if progress.answer is not None:
                break
            progress = building.wait_for_build(folder, build_id, seconds=0.1)
        assert progress.answer is not None
        with transaction():
            take_build(person("manager"), get_plan(plan_id), folder, build_id)
        assert read_plan(get_plan(plan_id)).question_count > 0
        assert not building.read_build(folder, build_id).is_running
        with pytest.raises(NotFound):
            building.read_build(folder, "f" * 32)


def test_leaving_out_the_only_judge_shows_what_is_lost(app: Flask, opening: str) -> None:
    with app.app_context():
        let_judge("ana", skills=("crisis-response", "empathy"))
        let_judge("ben", "outsider", "other manager", "shadow", "recruiter", skills=("crisis-response",))
        with transaction():
            plan_id = start_plan(person("manager"), small(opening)).id
        plan = get_plan(plan_id)
        difference = compare(*compare_builds(plan, [leave_out(person("ana").id)]), {"empathy": "Empathy"})
        assert "Empathy" in [row.name for row in difference.worse]
        assert any("nobody can" in said for said in difference.short[1])


@pytest.fixture
def loop(app: Flask, opening: str) -> str:
    """The id of a loop of two sessions that both mark crisis response and empathy, with four people who judge both."""
    with app.app_context():
        let_judge(*PANEL, skills=("crisis-response", "empathy"))
        with transaction():
            plan = start_plan(person("manager"), small(opening))
            plan.sessions = plan.sessions[:2]
            db.session.flush()
            plan_id = plan.id
        with transaction():
            build_sessions(person("manager"), get_plan(plan_id))
            publish_plan(person("manager"), get_plan(plan_id))
        with transaction():
            candidacy = add_candidate(person("recruiter"), get_opening(opening), name="Cleo", email="cleo@example.org")
            return create_loop(person("recruiter"), candidacy).id


def leads(loop_id: str) -> dict[str, str]:
    return {seat.session.name: seat.interviewer.name for seat in get_loop(loop_id).seats if seat.is_lead}


def test_the_free_seats_are_filled_with_judges_and_times(app: Flask, loop: str) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = (now() + timedelta(days=7)).astimezone(berlin).replace(hour=9, minute=0, second=0, microsecond=0)
    with app.app_context():
        with transaction():
            candidacy = get_candidacy(get_loop(loop).opening, get_loop(loop).candidacy_id)
            add_candidate_span(person("recruiter"), candidacy, starts_at=day, ends_at=day + timedelta(hours=4))
            declare_conflict(person("recruiter"), get_loop(loop), person("ana"), reason="Old friends")
        with transaction():
            done = staff_loop(person("recruiter"), get_loop(loop))
        seats = sorted((seat for seat in get_loop(loop).seats if seat.starts_at), key=lambda seat: seat.starts_at or day)
        assert done.unmet == ()
        assert len(seats) == 2
        assert person("ana").name not in leads(loop).values()
        assert seats[0].starts_at == day
        assert seats[1].starts_at is not None
        assert seats[1].starts_at >= day + timedelta(minutes=seats[0].session.minutes + 10)
        assert get_loop(loop).state == "scheduled"


def test_who_is_ill_is_replaced_and_the_others_stay(app: Flask, loop: str) -> None:
    with app.app_context():
        with transaction():
            staff_loop(person("recruiter"), get_loop(loop))
        before = leads(loop)
        ill = get_loop(loop).seats[0]
        name, place = ill.interviewer.name, ill.session.name
        with transaction():
            done = replace_interviewer(person("recruiter"), ill)
        after = leads(loop)
        assert name not in after.values()
        assert {key: who for key, who in after.items() if key != place} == {key: who for key, who in before.items() if key != place}
        assert done.unmet == ()


def test_who_handed_in_is_replaced_with_a_reason_only_and_who_has_begun_stays(app: Flask, loop: str) -> None:
    with app.app_context():
        with transaction():
            staff_loop(person("recruiter"), get_loop(loop))
        with transaction():
            first, other = get_loop(loop).seats
            first.starts_at = now() - timedelta(minutes=5)
            assert (list_movable(get_loop(loop), first.id), list_movable(get_loop(loop), other.id)) == ([other.id], [])
            follow_card(first, now())
        with transaction(), pytest.raises(Invalid, match="card is in"):
            replace_interviewer(person("recruiter"), get_loop(loop).seats[0])
        with transaction():
            first = get_loop(loop).seats[0]
            replace_interviewer(person("recruiter"), first, because="He was called away.")
        (freed,) = list_set_aside(get_loop(loop))
        assert (freed.id, freed.freed_because) == (first.id, "He was called away.")


def test_load_elsewhere_is_shared_and_the_limit_is_kept(app: Flask, loop: str) -> None:
    with app.app_context():
        loads = {one.id: one.load for one in make_staffing(get_loop(loop)).people}
        assert set(loads.values()) == {0}
        with transaction():
            first = get_loop(loop)
            candidacy = add_candidate(person("recruiter"), first.opening, name="Dina", email="dina@example.org")
            other = create_loop(person("recruiter"), candidacy)
            seat_interviewer(person("recruiter"), other, session_id=other.plan.sessions[0].id, person=person("ana"))
        busy = {one.id: one.load for one in make_staffing(get_loop(loop)).people}
        assert busy[person("ana").id] == 1
        with transaction():
            staff_loop(person("recruiter"), get_loop(loop))
        assert person("ana").name not in leads(loop).values()


def test_shadows_sit_beside_leads_and_never_change_the_panel(app: Flask, loop: str) -> None:
    with app.app_context():
        let_judge("shadow", skills=("reviews",))
        with transaction():
            staff_loop(person("recruiter"), get_loop(loop))
        before = leads(loop)
        with transaction():
            seated = seat_shadows(person("recruiter"), get_loop(loop))
        assert person("shadow").name in [who for who, _ in seated]
        assert leads(loop) == before


def test_a_returning_candidate_is_known_by_the_questions_they_had(app: Flask, loop: str) -> None:
    with app.app_context():
        with transaction():
            staff_loop(person("recruiter"), get_loop(loop))
            other = create_opening(person("manager"), title="Later", level=3, skills=list_skills()[:2], manager=person("manager"))
            again = add_candidate(person("manager"), other, name="Cleo", email="cleo@example.org").id
            slug = other.slug
        earlier = find_earlier_questions(get_candidacy(get_opening(slug), again))
        asked = {question.id for session in read_plan(get_loop(loop).plan).sessions for question in session.questions}
        assert earlier == asked
