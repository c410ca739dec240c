"""From a draft plan to what the builder reads, and from its answer back to the plan."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hiring.bank.models import Question
from hiring.bank.rules import Kind, Mode
from hiring.db import db, now
from hiring.errors import Conflict
from hiring.interviewers.queries import list_interviewers
from hiring.loops import building
from hiring.loops.building import Progress
from hiring.loops.compiler.instance import Answer, Clash, Instance, Interviewer, Modes, Unmet, write_instance
from hiring.loops.compiler.instance import Question as SolverQuestion
from hiring.loops.compiler.instance import Session as SolverSession
from hiring.loops.compiler.instance import Skill as SolverSkill
from hiring.loops.models import Plan, PlanQuestion, PlanSession
from hiring.loops.plan_actions import place_questions
from hiring.loops.queries import find_last_asked, get_plan, list_fitting_questions, read_bank_question, read_plan
from hiring.loops.rules import KINDS, check_draft, cost_of_repeating
from hiring.loops.shortfalls import Shortfall, group_unmet
from hiring.loops.what_if import Change
from hiring.permissions import Actor, Can, ensure

BALANCED = Modes(adaptive_share=(0.3, 0.7))
"""Which share of the minutes adaptive questions should take, so that neither mode crowds the other out."""
GAP, SECONDS = 0.02, 20.0
"""What one press asks for: within 2 % of the bound, in two or three seconds on the shipped bank; a busy machine may take longer."""
BEST_SECONDS = 60.0
"""How long a search for the best plan may go on."""


@dataclass(frozen=True)
class Built:
    """What building came to: a sentence, what falls short where full coverage can't be had, and which requirements clash."""

    summary: str
    unmet: tuple[Unmet, ...]
    clash: tuple[Clash, ...]
    names: dict[str, str]

    @property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        return group_unmet(self.unmet, self.names)


def make_instance(plan: Plan) -> Instance:
    """The builder's instance of a draft: its sessions, pins and locks, the opening's skills, their judges, and the questions that fit."""
    skills = [
        SolverSkill(row.skill_id, min(row.sessions, len(plan.sessions)), row.people, row.weight, row.skill.name)
        for row in plan.opening.skills
    ]
    sessions = number_sessions(plan)
    pinned = _check_pins(plan)
    fitting = {question.id: question for question in list_fitting_questions([skill.id for skill in skills], plan.opening.level)}
    known = {skill.id for skill in skills}
    # What a person pinned fits by their word, whatever its kind.
    kinds = {
        place.question_id: KINDS[place.session.format][0] for place, _ in pinned if place.question.kind not in KINDS[place.session.format]
    }
    asked = find_last_asked(besides=plan.opening)
    moment = now()
    questions = [
        _read_question(question, known, kinds.get(question.id), cost_of_repeating(asked.get(question.id), moment))
        for question in fitting.values()
    ]
    return Instance(
        skills=tuple(skills),
        sessions=tuple(
            SolverSession(code, one.minutes, KINDS[one.format], one.reserve, one.seats, one.name) for code, one in sessions.items()
        ),
        questions=tuple(questions),
        level=plan.opening.level,
        interviewers=_list_judges(known),
        pinned=tuple((place.question_id, code) for place, code in pinned if place.question_id in fitting),
        modes=BALANCED,
        locked=tuple(code for code, one in sessions.items() if one.is_locked),
    )


def _list_judges(known: set[str]) -> tuple[Interviewer, ...] | None:
    """Who can judge which of the skills; None as long as nobody has said so of anybody. Loads are a matter of each loop."""
    judges = [Interviewer(one.id, tuple(sorted(known & one.skill_ids)), name=one.name) for one in list_interviewers() if one.skill_ids]
    return tuple(judges) or None


def number_sessions(plan: Plan) -> dict[str, PlanSession]:
    """The sessions by their place in the day: with ids made by chance, equal plans would come out differently."""
    return {f"s{number:02}": session for number, session in enumerate(plan.sessions, start=1)}


def _check_pins(plan: Plan) -> list[tuple[PlanQuestion, str]]:
    """The pinned places, and all of locked sessions, with the number of their session; Conflict where they alone go over the minutes."""
    pinned = []
    for code, session in number_sessions(plan).items():
        places = [place for place in session.questions if place.is_pinned or session.is_locked]
        asked, usable = sum(place.question.minutes for place in places), session.minutes - session.reserve
        if asked > usable:
            raise Conflict(
                f"What is pinned in {session.name} takes {asked} minutes, {usable} are usable. Unpin a question, or make it longer."
            )
        pinned += [(place, code) for place in places]
    return pinned


def _read_question(question: Question, known: set[str], kind: Kind | None, freshness: float) -> SolverQuestion:
    asked = read_bank_question(question)
    return SolverQuestion(
        asked.id,
        kind=kind or Kind(asked.kind),
        minutes=asked.minutes,
        level=asked.level,
        mode=Mode(asked.mode),
        primary=tuple(skill for skill in asked.primary if skill in known),
        secondary=tuple(skill for skill in asked.secondary if skill in known),
        group=asked.wording_group,
        freshness_cost=freshness,
        frames=tuple(question.frame_ids),
    )


def _open_draft(actor: Actor, plan: Plan) -> Instance:
    ensure(actor, Can.EDIT_OPENING, plan)
    check_draft(plan.state)
    if not plan.sessions:
        raise Conflict("The plan has no session yet. Add one, then build.")
    return make_instance(plan)


def _digest(plan: Plan, instance: Instance) -> str:
    """What tells whether sessions, pins, skills or people have changed since a build began."""
    return sha256(json.dumps([[session.id for session in plan.sessions], write_instance(instance)]).encode()).hexdigest()


def build_sessions(actor: Actor, plan: Plan) -> Built:
    """Choose the questions of every session, keeping what is pinned; nothing changes where the builder fails."""
    instance = _open_draft(actor, plan)
    plan_id, digest = plan.id, _digest(plan, instance)
    db.session.rollback()  # no transaction is open while the builder works
    return _place(actor, get_plan(plan_id), digest, building.build(instance, gap=GAP, seconds=SECONDS))


def start_building(actor: Actor, plan: Plan, folder: Path, *, is_best: bool) -> str:
    """Start a build behind the page: within 2 % of the bound, or for the best plan; the build's id."""
    instance = _open_draft(actor, plan)
    gap, seconds = (0.0, BEST_SECONDS) if is_best else (GAP, SECONDS)
    note = {"plan": plan.id, "digest": _digest(plan, instance)}
    db.session.rollback()
    return building.start_build(folder, instance, gap=gap, seconds=seconds, note=note)


def take_build(actor: Actor, plan: Plan, folder: Path, build_id: str) -> Built:
    """End a build if it still runs, and give the plan the best that it found."""
    ensure(actor, Can.EDIT_OPENING, plan)
    note = building.read_note(folder, build_id)
    progress: Progress = building.stop_build(folder, build_id)
    if progress.answer is None or note.get("plan") != plan.id:
        raise Conflict(progress.error or "Nothing had been found yet, so the plan is as it was.")
    check_draft(plan.state)
    return _place(actor, plan, str(note["digest"]), progress.answer)


def _place(actor: Actor, plan: Plan, digest: str, answer: Answer) -> Built:
    instance = make_instance(plan)
    if _digest(plan, instance) != digest:
        raise Conflict("Somebody changed sessions, pins, skills or people while the plan was being built. Build it again.")
    sessions = number_sessions(plan)
    chosen: dict[str, list[Question]] = {}
    for question_id, code in answer.questions:
        chosen.setdefault(sessions[code].id, []).append(db.session.get_one(Question, question_id))
    able = {person.id: person.skills for person in instance.people}
    panels = {sessions[code].id: {one: able[one] for one, place in answer.seats if place == code} for code in sessions}
    place_questions(actor, plan, chosen, panels)
    sheet = read_plan(plan)
    summary = (
        f"Built version {plan.version}: {sheet.question_count} questions, {sheet.covered_count} of {len(sheet.skills)} skills covered."
    )
    return Built(summary, answer.unmet, answer.clash, name_things(plan))


def name_things(plan: Plan) -> dict[str, str]:
    """What the ids of an answer are called: its skills and sessions."""
    return {row.skill_id: row.skill.name for row in plan.opening.skills} | {code: one.name for code, one in number_sessions(plan).items()}


def compare_builds(plan: Plan, changes: Sequence[Change]) -> tuple[Answer, Answer]:
    """What one press would build now, and what it would build with the changes; nothing is changed."""
    before = make_instance(plan)
    after = before
    for change in changes:
        after = change(after)
    return building.build(before, gap=GAP, seconds=SECONDS), building.build(after, gap=GAP, seconds=SECONDS)
