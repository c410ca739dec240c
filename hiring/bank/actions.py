"""Writes to the bank: skills, questions, their states, and whole files at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from hiring import audit
from hiring.bank import queries, rules
from hiring.bank.models import Frame, Question, QuestionSkill, Skill
from hiring.bank.rules import BankFile, FrameEntry, QuestionEntry, QuestionState, SkillEntry, Strength
from hiring.db import db, now
from hiring.errors import Conflict, Invalid
from hiring.permissions import Actor, Can, ensure


@dataclass(frozen=True)
class Imported:
    """How many skills, frames and questions a file made, changed, and left as they were."""

    created: int
    changed: int
    unchanged: int


def create_question(actor: Actor, entry: QuestionEntry) -> Question:
    """Add a question; without an id of its own it gets one from its words."""
    ensure(actor, Can.EDIT_BANK)
    rules.check_entry(rules.find_question_issues(entry))
    entry = replace(entry, id=entry.id or rules.make_question_id(entry.text))
    if db.session.get(Question, entry.id) is not None:
        said = "The bank has a question with these words already."
        raise Invalid(said, {"text": said})
    _check_words_are_new(entry)
    question = _put_question(None, entry)
    audit.record(actor, "bank.create_question", question.id)
    db.session.flush()
    return question


def change_question(actor: Actor, question: Question, entry: QuestionEntry, *, version: int) -> None:
    """Give a question other words; `version` is the one that the person saw. Published plans keep the words they have."""
    ensure(actor, Can.EDIT_BANK)
    if question.version != version:
        raise Conflict("Somebody else changed this question while you had it open.")
    rules.check_entry(rules.find_question_issues(entry))
    entry = replace(entry, id=question.id, state=question.state)
    if entry == queries.read_question(question):
        return
    if question.state is not QuestionState.RETIRED and rules.fold(entry.text) != rules.fold(question.text):
        _check_words_are_new(entry)
    _put_question(question, entry)
    audit.record(actor, "bank.edit_question", question.id)
    db.session.flush()


def _check_words_are_new(entry: QuestionEntry) -> None:
    if other := queries.find_same_words(entry.text, but=entry.id):
        said = f"The question “{other}” asks this in the same words. Change that one, or say it differently."
        raise Invalid(said, {"text": said})


def retire_question(actor: Actor, question: Question) -> None:
    """Take a question out of new plans; it stays, with all that refers to it."""
    _move(actor, question, QuestionState.RETIRED, "bank.retire_question")


def activate_question(actor: Actor, question: Question) -> None:
    """Let a draft or a retired question be built into plans."""
    ensure(actor, Can.EDIT_BANK)
    if question.state is QuestionState.RETIRED and (other := queries.find_same_words(question.text, but=question.id)):
        raise Conflict(f"The question “{other}” asks this in the same words by now. Retire that one first, or keep it.")
    _move(actor, question, QuestionState.ACTIVE, "bank.activate_question")


def _move(actor: Actor, question: Question, after: QuestionState, act: str) -> None:
    ensure(actor, Can.EDIT_BANK)
    rules.check_move(question.state, after)
    question.state_name = after.value
    audit.record(actor, act, question.id)
    db.session.flush()


def create_skill(actor: Actor, entry: SkillEntry) -> Skill:
    """Add a skill at the end of the bank; its id comes from its name and stays."""
    ensure(actor, Can.EDIT_BANK)
    rules.check_entry(rules.find_skill_issues(entry))
    entry = replace(entry, id=entry.id or rules.make_slug(entry.name))
    if not entry.id or db.session.get(Skill, entry.id) is not None:
        said = "Another skill is called so." if entry.id else "Give a name with letters from a to z in it."
        raise Invalid(said, {"name": said})
    _check_name_is_free(entry)
    places = _place([entry.id], {skill.id: skill for skill in queries.list_skills(with_retired=True)})
    skill = _put_skill(None, entry, places[entry.id])
    audit.record(actor, "bank.create_skill", skill.id, skill.name)
    db.session.flush()
    return skill


def change_skill(actor: Actor, skill: Skill, entry: SkillEntry, *, version: int) -> None:
    """Give a skill another name, group or words; its version goes up with its definition or an anchor."""
    ensure(actor, Can.EDIT_BANK)
    if skill.version != version:
        raise Conflict("Somebody else changed this skill while you had it open.")
    rules.check_entry(rules.find_skill_issues(entry))
    entry = replace(entry, id=skill.id)
    if entry == queries.read_skill(skill):
        return
    _check_name_is_free(entry)
    _put_skill(skill, entry, skill.position)
    audit.record(actor, "bank.edit_skill", skill.id, skill.name)
    db.session.flush()


def _check_name_is_free(entry: SkillEntry) -> None:
    if any(skill.id != entry.id and skill.name.casefold() == entry.name.casefold() for skill in queries.list_skills(with_retired=True)):
        said = "Another skill is called so."
        raise Invalid(said, {"name": said})


@dataclass(frozen=True)
class _Change:
    """A row that a file makes (`row` is None then) or changes, and how."""

    row: Skill | Frame | Question | None
    entry: SkillEntry | FrameEntry | QuestionEntry
    put: Callable[[], object]


def import_bank(actor: Actor, bank: BankFile, *, only_check: bool = False) -> Imported:
    """Take in a file that `files.read_bank` found sound: what has a known id is changed, the rest is new, nothing goes."""
    ensure(actor, Can.EDIT_BANK)
    for entry in (*bank.skills, *bank.questions):
        rules.check_entry(rules.find_skill_issues(entry) if isinstance(entry, SkillEntry) else rules.find_question_issues(entry))
    changes = [*_compare_skills(bank.skills), *_compare_frames(bank.frames), *_compare_questions(bank.questions)]
    created = sum(change.row is None for change in changes)
    whole = len(bank.skills) + len(bank.frames) + len(bank.questions)
    done = Imported(created, len(changes) - created, whole - len(changes))
    if only_check:
        return done
    _free_names(changes)
    for change in changes:
        change.put()
    audit.record(actor, "bank.import_bank", detail=f"{done.created} created, {done.changed} changed, {done.unchanged} unchanged")
    db.session.flush()
    return done


def _compare_skills(entries: Sequence[SkillEntry]) -> list[_Change]:
    rows = {skill.id: skill for skill in queries.list_skills(with_retired=True)}
    places = _place([entry.id for entry in entries], rows)
    return [
        _Change(row, entry, partial(_put_skill, row, entry, places[entry.id]))
        for entry, row in ((entry, rows.get(entry.id)) for entry in entries)
        if row is None or (queries.read_skill(row), row.position) != (entry, places[entry.id])
    ]


def _compare_frames(entries: Sequence[FrameEntry]) -> list[_Change]:
    rows = {frame.id: frame for frame in queries.list_frames()}
    places = _place([entry.id for entry in entries], rows)
    return [
        _Change(row, entry, partial(_put_frame, row, entry, places[entry.id]))
        for entry, row in ((entry, rows.get(entry.id)) for entry in entries)
        if row is None or (queries.read_frame(row), row.position) != (entry, places[entry.id])
    ]


def _compare_questions(entries: Sequence[QuestionEntry]) -> list[_Change]:
    """A question without a state keeps the one it has: what was retired here stays so when a newer bank comes in."""
    rows = queries.find_questions([entry.id for entry in entries])
    changes = []
    for entry in entries:
        row = rows.get(entry.id)
        stated = replace(entry, state=entry.state or (row.state if row else QuestionState.ACTIVE))
        if row is not None and stated.state is not None and stated.state is not row.state:
            rules.check_move(row.state, stated.state)
        if row is None or queries.read_question(row) != stated:
            changes.append(_Change(row, stated, partial(_put_question, row, stated)))
    return changes


def _place(ids: Sequence[str], rows: Mapping[str, Skill] | Mapping[str, Frame]) -> dict[str, int]:
    """Positions by id: the file's order where it holds all that the bank has, else new ones after the old."""
    if set(rows) <= set(ids):
        return {one: place for place, one in enumerate(ids)}
    places = {one: row.position for one, row in rows.items()}
    for one in ids:
        places.setdefault(one, max(places.values()) + 1)
    return places


def _free_names(changes: Sequence[_Change]) -> None:
    """Names are unique; two that swap theirs would meet half-way."""
    for change in changes:
        if isinstance(change.row, Skill | Frame) and change.row.name != getattr(change.entry, "name", ""):
            change.row.name = f"{change.row.id} (being renamed)"[-80:]
    db.session.flush()


def _put_skill(skill: Skill | None, entry: SkillEntry, position: int) -> Skill:
    anchors = {str(mark): text for mark, text in sorted(entry.anchors.items())}
    if skill is None:
        skill = Skill(id=entry.id, version=1, definition=entry.definition, anchors_json=anchors)
        db.session.add(skill)
    elif (skill.definition, skill.anchors_json) != (entry.definition, anchors):
        skill.version += 1
    skill.name, skill.group_name, skill.position = entry.name, entry.group.value, position
    skill.definition, skill.anchors_json, skill.is_retired = entry.definition, anchors, entry.is_retired
    return skill


def _put_frame(frame: Frame | None, entry: FrameEntry, position: int) -> None:
    if frame is None:
        frame = Frame(id=entry.id)
        db.session.add(frame)
    frame.name, frame.kind, frame.definition = entry.name, entry.kind.value, entry.definition
    frame.skill_ids, frame.position = [*entry.skills], position


def _put_question(question: Question | None, entry: QuestionEntry) -> Question:
    if question is None:
        question = Question(id=entry.id)
        db.session.add(question)
    question.text, question.kind, question.mode = entry.text, entry.kind.value, entry.mode.value
    question.minutes, question.level = entry.minutes, entry.level
    question.probes, question.strong, question.weak = [*entry.probes], [*entry.strong], [*entry.weak]
    question.frame_ids, question.wording_group = [*entry.frames], entry.wording_group
    question.source, question.licence = entry.source, entry.licence
    question.state_name = (entry.state or QuestionState.ACTIVE).value
    question.changed_at = now()  # so that the version goes up even where only the skills changed
    _link(question, entry)
    return question


def _link(question: Question, entry: QuestionEntry) -> None:
    """Tie a question to its skills, the primary ones first."""
    strengths = {**dict.fromkeys(entry.primary, Strength.PRIMARY), **dict.fromkeys(entry.secondary, Strength.SECONDARY)}
    links = {link.skill_id: link for link in question.links}
    for place, (skill_id, strength) in enumerate(strengths.items()):
        link = links.setdefault(skill_id, QuestionSkill(skill_id=skill_id))
        link.strength, link.position = strength.value, place
    question.links = [links[skill_id] for skill_id in strengths]
