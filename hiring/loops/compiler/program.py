"""The builder's model as a linear program over whole numbers: columns with bounds, rows with bounds, and what each column is worth.

It is written once and read twice: by the linear solver, which bounds what any plan can be worth, and by CP-SAT, which finds
plans. A question's column is made apart from the rest, so that thousands of them can be priced without being built.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isclose

from hiring.bank.rules import ENOUGH_EVIDENCE, Mode
from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Instance, Interviewer, Question, Session, Skill

Name = tuple[str, ...]
NO_LIMIT = 10**12
HARD = 10
"""How much heavier a missing minute weighs than all skills' shortfalls together; a free seat and an unplaced session count as ten."""
SHARES = 1_000
"""Shares are counted in thousandths."""
FINEST = 100_000


@dataclass(frozen=True)
class Column:
    """A variable: its bounds, and its factor in each row that it stands in."""

    low: int
    high: int
    rows: Mapping[Name, int]


@dataclass(frozen=True)
class Scale:
    """How many parts of a point the program counts in: it knows whole numbers only."""

    parts: int

    def whole(self, points: float) -> int:
        return round(points * self.parts)


@dataclass
class Program:
    """Columns by name; `worth` counts quality, `lack` what falls short (both sparse)."""

    columns: dict[Name, Column] = field(default_factory=dict[Name, Column])
    rows: dict[Name, tuple[int, int]] = field(default_factory=dict[Name, tuple[int, int]])
    worth: dict[Name, int] = field(default_factory=dict[Name, int])
    lack: dict[Name, int] = field(default_factory=dict[Name, int])

    @property
    def least_lack(self) -> int:
        """What falls short in every plan, as plain counting tells."""
        return sum(weight * self.columns[name].low for name, weight in self.lack.items())

    def add(self, name: Name, column: Column, worth: int = 0) -> None:
        self.columns[name] = column
        if worth:
            self.worth[name] = worth


def find_scale(instance: Instance) -> Scale:
    """The coarsest scale, in powers of ten, in which every weight and cost is whole; at most FINEST parts."""
    numbers = {skill.weight for skill in instance.skills} | {person.cost for person in instance.people}
    numbers |= {question.freshness_cost for question in instance.questions}
    parts = SHARES if instance.modes else 1
    while parts < FINEST and not all(isclose(number * parts, round(number * parts), abs_tol=1e-9) for number in numbers):
        parts *= 10
    return Scale(parts)


def make_program(instance: Instance, questions: Iterable[Question], people: Iterable[Interviewer], scale: Scale) -> Program:
    """The whole model over some of an instance's questions and people."""
    program = Program()
    required = [skill for skill in instance.skills if skill.is_required]
    _add_sessions(program, instance)
    for skill in required:
        _add_skill(program, instance, skill, scale)
    _add_wishes(program, instance, scale)
    for question in questions:
        add_question(program, instance, question, scale)
    if instance.interviewers is not None:
        for person in people:
            _add_person(program, instance, person, scale)
    return program


def with_limit(program: Program, most: int) -> Program:
    """The program with a row more: all that falls short, by weight, is at most so much."""
    program.rows["limit",] = (0, most)
    for name, weight in program.lack.items():
        column = program.columns[name]
        program.columns[name] = Column(column.low, column.high, {**column.rows, ("limit",): weight})
    return program


def weigh(skill: Skill) -> int:
    """What a missing session or rater of the skill counts; one without weight still counts a little."""
    return max(1, round(skill.weight * 1000))


def _add_sessions(program: Program, instance: Instance) -> None:
    most = HARD * (1 + sum(weigh(skill) * (skill.sessions + skill.people) for skill in instance.skills))
    for session in instance.sessions:
        program.rows["room", session.id] = (0, session.room)
        program.rows["fill", session.id] = (session.fewest, NO_LIMIT)
        _add_lack(program, ("short", "minutes", session.id), (0, session.fewest), {("fill", session.id): 1}, most)
        if instance.interviewers is not None:
            program.rows["seats", session.id] = (session.seats, session.seats)
            _add_lack(program, ("short", "seats", session.id), (0, session.seats), {("seats", session.id): 1}, 10 * most)
        if instance.has_times:
            _add_lack(program, ("short", "time", session.id), (0, 1), {}, 10 * most)


def _add_lack(program: Program, name: Name, bounds: tuple[int, int], rows: Mapping[Name, int], weight: int) -> None:
    program.columns[name] = Column(*bounds, rows)
    program.lack[name] = weight


def _add_skill(program: Program, instance: Instance, skill: Skill, scale: Scale) -> None:
    """A skill is marked only where there is enough evidence of it and somebody who can judge it, or it falls short."""
    id, peopled = skill.id, instance.interviewers is not None
    program.rows["sessions", id] = (skill.sessions, NO_LIMIT)
    program.rows["often", id] = program.rows["total", id] = (0, NO_LIMIT)
    # Each session needs a judge of its own, so with too few of them this much falls short in every plan.
    judges = sum(id in person.skills for person in instance.people if person.is_free) if peopled else len(instance.sessions)
    least = max(0, skill.sessions - min(judges, len(instance.sessions)))
    _add_lack(program, ("short", "sessions", id), (least, skill.sessions), {("sessions", id): 1}, weigh(skill))
    worth = scale.whole(skill.weight)
    program.add(("early", id), Column(0, skill.target, {("total", id): -1}), worth * checker.EVIDENCE_WORTH)
    program.add(("further", id), Column(0, checker.MOST_FURTHER, {("total", id): -1}), worth * checker.FURTHER_WORTH)
    program.add(("marked", id), Column(0, skill.sessions + 1, {("often", id): -1}), worth * checker.SESSION_WORTH)
    if peopled and skill.people:
        program.rows["people", id] = (skill.people, NO_LIMIT)
        _add_lack(program, ("short", "people", id), (max(0, skill.people - judges), skill.people), {("people", id): 1}, weigh(skill))
    for session in instance.sessions:
        place = (id, session.id)
        program.rows["evidence", *place] = (0, NO_LIMIT)
        rows: dict[Name, int] = {("evidence", *place): -ENOUGH_EVIDENCE, ("sessions", id): 1, ("often", id): 1}
        if peopled:
            program.rows["able", *place] = (0, NO_LIMIT)
            rows["able", *place] = -1
        if peopled and skill.people:
            program.rows["judging", *place] = program.rows["open", *place] = (0, NO_LIMIT)
            rows["open", *place] = session.seats
            judging: dict[Name, int] = {("judging", *place): -1, ("open", *place): -1, ("people", id): 1}
            program.columns["judges", *place] = Column(0, session.seats, judging)
        program.columns["mark", *place] = Column(0, 1, rows)


def _add_wishes(program: Program, instance: Instance, scale: Scale) -> None:
    """The balance of modes and the frames: each can be missed, at a cost."""
    if instance.modes:
        program.rows["modes", "low"] = program.rows["modes", "high"] = (0, NO_LIMIT)
        most = SHARES * sum(session.room for session in instance.sessions)
        # `outside` counts thousandths of a minute, and so does the scale where there are modes.
        cost = -scale.whole(checker.MODE_COST) // SHARES
        program.add(("outside",), Column(0, most, {("modes", "low"): 1, ("modes", "high"): 1}), cost)
    for frame in instance.frames:
        program.rows["frame", frame.id] = (frame.questions, NO_LIMIT)
        missed = Column(0, frame.questions, {("frame", frame.id): 1})
        program.add(("unframed", frame.id), missed, -scale.whole(checker.FRAME_COST))


def add_question(program: Program, instance: Instance, question: Question, scale: Scale) -> None:
    """A question in each session that takes it; pinned ones where they are pinned."""
    worth = -scale.whole(checker.question_cost(instance, question))
    pins = dict(instance.pinned)
    rows = list_rows(program, instance, question)
    program.rows.setdefault(("once", question.group or question.id), (0, 1))
    for session in list_sessions(instance, question):
        low = int(pins.get(question.id) == session.id)
        program.add(("ask", question.id, session.id), Column(low, 1, place_rows(program, question, session, rows)), worth)


def list_sessions(instance: Instance, question: Question) -> Iterator[Session]:
    """The sessions that a question may stand in."""
    pinned = next((session for one, session in instance.pinned if one == question.id), None)
    for session in instance.sessions:
        is_open = session.id not in instance.locked or pinned == session.id
        if is_open and checker.fits(question, session) and pinned in (None, session.id):
            yield session


def list_rows(program: Program, instance: Instance, question: Question) -> dict[Name, int]:
    """A question's factors in the rows that are the same in every session."""
    rows: dict[Name, int] = {("once", question.group or question.id): 1}
    for skill, amount in question.evidence.items():
        if ("total", skill) in program.rows:
            rows["total", skill] = amount
    if instance.modes:
        low, high = (round(share * SHARES) for share in instance.modes.adaptive_share)
        adaptive = SHARES if question.mode is Mode.ADAPTIVE else 0
        rows["modes", "low"], rows["modes", "high"] = question.minutes * (adaptive - low), question.minutes * (high - adaptive)
    for frame in question.frames:
        if ("frame", frame) in program.rows:
            rows["frame", frame] = 1
    return rows


def place_rows(program: Program, question: Question, session: Session, rows: Mapping[Name, int]) -> dict[Name, int]:
    """The same with the rows of the session that it would stand in."""
    placed: dict[Name, int] = {**rows, ("room", session.id): question.minutes, ("fill", session.id): question.minutes}
    for skill, amount in question.evidence.items():
        if ("evidence", skill, session.id) in program.rows:
            placed["evidence", skill, session.id] = amount
    return placed


def _add_person(program: Program, instance: Instance, person: Interviewer, scale: Scale) -> None:
    given = dict(instance.seated)
    program.rows["person", person.id] = (0, 1)
    for session in instance.sessions:
        if given.get(person.id, session.id) != session.id:
            continue
        rows: dict[Name, int] = {("person", person.id): 1, ("seats", session.id): 1}
        for skill in person.skills:
            for row in (("able", skill, session.id), ("judging", skill, session.id)):
                if row in program.rows:
                    rows[row] = 1
        low = int(person.id in given)
        program.add(("sit", person.id, session.id), Column(low, 1, rows), -scale.whole(person.cost))
