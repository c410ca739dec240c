"""Reads of skills, frames and questions."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import aliased

from hiring.bank.models import Frame, Question, QuestionSkill, Skill
from hiring.bank.rules import (
    BankFile,
    FrameEntry,
    FrameKind,
    Kind,
    Known,
    Mode,
    QuestionEntry,
    QuestionState,
    SkillEntry,
    SkillGroup,
    Strength,
    fold,
)
from hiring.db import db, in_code_order
from hiring.errors import NotFound

PER_PAGE = 25


@dataclass(frozen=True)
class QuestionFilters:
    """Which questions are wanted; what is empty filters nothing."""

    text: str = ""
    skill_id: str = ""
    kind: Kind | None = None
    mode: Mode | None = None
    level: int | None = None
    frame_id: str = ""
    state: QuestionState | None = None
    strength: Strength | None = None


def get_skill(skill_id: str) -> Skill:
    skill = db.session.get(Skill, skill_id)
    if skill is None:
        raise NotFound
    return skill


def get_question(question_id: str) -> Question:
    question = db.session.get(Question, question_id)
    if question is None:
        raise NotFound
    return question


def list_skills(*, with_retired: bool = False) -> list[Skill]:
    """Skills in the bank's own order."""
    query = select(Skill).order_by(Skill.position, in_code_order(Skill.id))
    return list(db.session.scalars(query if with_retired else query.where(~Skill.is_retired)))


def list_frames() -> list[Frame]:
    return list(db.session.scalars(select(Frame).order_by(Frame.position, in_code_order(Frame.id))))


def _conditions(filters: QuestionFilters) -> list[ColumnElement[bool]]:
    """Every word of the text has to be found; a frame is found by its id in quotes, as JSON keeps it."""
    found: list[ColumnElement[bool]] = []
    for word in filters.text.split():
        places = (Question.text, Question.id, Question.wording_group, cast(Question.probes, String))
        found.append(or_(*(place.icontains(word, autoescape=True) for place in places)))
    wanted = ((Question.kind, filters.kind), (Question.mode, filters.mode), (Question.state_name, filters.state))
    found += [column == value.value for column, value in wanted if value is not None]
    if filters.level is not None:
        found.append(Question.level == filters.level)
    if filters.frame_id:
        found.append(cast(Question.frame_ids, String).contains(f'"{filters.frame_id}"', autoescape=True))
    if filters.skill_id:
        link = QuestionSkill.skill_id == filters.skill_id
        found.append(Question.links.any(link if filters.strength is None else link & (QuestionSkill.strength == filters.strength.value)))
    return found


def count_questions(filters: QuestionFilters) -> int:
    return db.session.scalar(select(func.count()).select_from(Question).where(*_conditions(filters))) or 0


def list_questions(filters: QuestionFilters, *, page: int = 1, per_page: int = PER_PAGE) -> tuple[list[Question], int]:
    """One page of the questions that fit, by their first skill, with the number of all that fit; retired ones come last."""
    first, skill = aliased(QuestionSkill), aliased(Skill)
    query = (
        select(Question)
        .outerjoin(first, (first.question_id == Question.id) & (first.position == 0))
        .outerjoin(skill, skill.id == first.skill_id)
        .where(*_conditions(filters))
        .order_by(Question.state_name == QuestionState.RETIRED.value, skill.position.is_not(None), skill.position)
        .order_by(in_code_order(skill.id), in_code_order(Question.id))
    )
    total = count_questions(filters)
    return list(db.session.scalars(query.limit(per_page).offset((max(page, 1) - 1) * per_page))), total


def find_questions(ids: Sequence[str]) -> dict[str, Question]:
    """Questions by id; those that don't exist are left out."""
    found: dict[str, Question] = {}
    for start in range(0, len(ids), 500):
        query = select(Question).where(Question.id.in_(ids[start : start + 500]))
        found |= {question.id: question for question in db.session.scalars(query)}
    return found


def count_by_skill() -> dict[str, dict[Strength, int]]:
    """Active questions by skill id and strength."""
    query = (
        select(QuestionSkill.skill_id, QuestionSkill.strength, func.count())
        .join(QuestionSkill.question)
        .where(Question.state_name == QuestionState.ACTIVE.value)
        .group_by(QuestionSkill.skill_id, QuestionSkill.strength)
    )
    counts: dict[str, dict[Strength, int]] = {skill.id: dict.fromkeys(Strength, 0) for skill in list_skills(with_retired=True)}
    for skill_id, strength, number in db.session.execute(query):
        counts[skill_id][Strength(strength)] = number
    return counts


def count_by_frame() -> Counter[str]:
    """Active questions by frame id."""
    query = select(Question.frame_ids).where(Question.state_name == QuestionState.ACTIVE.value)
    return Counter(frame_id for frame_ids in db.session.scalars(query) for frame_id in frame_ids)


def read_known() -> Known:
    """What a file may name without holding it itself."""
    skills = {skill.id: skill.name for skill in list_skills(with_retired=True)}
    frames = {frame.id: frame.name for frame in list_frames()}
    states = db.session.execute(select(Question.id, Question.state_name))
    return Known(skills, frames, {question_id: QuestionState(state) for question_id, state in states}, read_words())


def read_words() -> dict[str, str]:
    """What the questions that aren't retired ask, by id and as `fold` gives it."""
    asked = select(Question.id, Question.text).where(Question.state_name != QuestionState.RETIRED.value)
    query = asked.order_by(in_code_order(Question.id))
    return {question_id: fold(text) for question_id, text in db.session.execute(query)}


def find_same_words(text: str, *, but: str = "") -> str | None:
    """The id of a question that isn't retired and asks this in the same words; one may be left out."""
    words = fold(text)
    return next((one for one, said in read_words().items() if said == words and one != but), None)


def read_skill(skill: Skill) -> SkillEntry:
    return SkillEntry(skill.id, skill.name, SkillGroup(skill.group_name), skill.definition, skill.anchors, skill.is_retired)


def read_frame(frame: Frame) -> FrameEntry:
    return FrameEntry(frame.id, frame.name, FrameKind(frame.kind), frame.definition, tuple(frame.skill_ids))


def read_question(question: Question) -> QuestionEntry:
    return QuestionEntry(
        id=question.id,
        text=question.text,
        kind=Kind(question.kind),
        mode=Mode(question.mode),
        minutes=question.minutes,
        level=question.level,
        primary=tuple(skill.id for skill in question.primary),
        secondary=tuple(skill.id for skill in question.secondary),
        frames=tuple(question.frame_ids),
        probes=tuple(question.probes),
        strong=tuple(question.strong),
        weak=tuple(question.weak),
        wording_group=question.wording_group,
        source=question.source,
        licence=question.licence,
        state=question.state,
    )


def read_bank() -> BankFile:
    """The whole bank, retired parts too: questions by their first skill."""
    skills = list_skills(with_retired=True)
    place = {skill.id: number for number, skill in enumerate(skills)}
    questions = [read_question(question) for question in db.session.scalars(select(Question).order_by(in_code_order(Question.id)))]
    questions.sort(key=lambda question: place.get(question.primary[0], len(place)) if question.primary else len(place))
    return BankFile(tuple(map(read_skill, skills)), tuple(map(read_frame, list_frames())), tuple(questions))
