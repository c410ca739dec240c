"""Writes to the bank: what an import makes, changes and leaves, and what may be done to a question."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete

from hiring.audit import list_events
from hiring.bank import actions, files, queries
from hiring.bank.actions import Imported
from hiring.bank.models import Frame, Question, QuestionSkill, Skill
from hiring.bank.queries import QuestionFilters
from hiring.bank.rules import BankFile, Known, QuestionState, Strength
from hiring.config import ROOT
from hiring.db import db, transaction
from hiring.errors import Conflict, Forbidden, Invalid
from hiring.permissions import Operator, Role

FOLDER = ROOT / "hiring" / "bank" / "content" / "tech_lead"
OPERATOR = Operator()
INTERVIEWER = Operator(id="i", name="Ina", role=Role.INTERVIEWER)


@pytest.fixture
def opened(app: Flask) -> Iterator[None]:
    """The shipped bank, in a transaction that may write."""
    with app.app_context(), transaction():
        yield


@pytest.fixture(scope="module")
def shipped() -> BankFile:
    return files.read_bank_folder(FOLDER)


@pytest.fixture
def empty(opened: None) -> None:
    for table in (QuestionSkill, Question, Frame, Skill):
        db.session.execute(delete(table))


def test_the_shipped_bank_is_imported_and_a_second_time_changes_nothing(empty: None) -> None:
    bank = files.read_bank_folder(FOLDER)
    done = actions.import_bank(OPERATOR, bank)
    size = len(bank.skills) + len(bank.frames) + len(bank.questions)
    assert done == Imported(size, 0, 0)
    assert actions.import_bank(OPERATOR, bank) == Imported(0, 0, size)
    assert [skill.id for skill in queries.list_skills()] == (FOLDER / "order.txt").read_text().split()


def test_what_is_exported_is_what_was_imported(opened: None, shipped: BankFile) -> None:
    bank = queries.read_bank()
    assert files.read_bank(files.write_bank(bank)) == bank
    stated = {question.id: replace(question, state=QuestionState.ACTIVE) for question in shipped.questions}
    assert {question.id: question for question in bank.questions} == stated
    assert (bank.skills, bank.frames) == (shipped.skills, shipped.frames)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Other words?"},
        {"minutes": 55},
        {"probes": ("a", "b", "c")},
        {"secondary": ("reviews",)},
        {"primary": ("empathy", "reviews"), "secondary": ()},
        {"frames": ()},
        {"state": QuestionState.RETIRED},
    ],
    ids=lambda change: ", ".join(change),
)
def test_an_import_over_a_question_changes_it_and_raises_its_version(opened: None, shipped: BankFile, change: dict) -> None:
    before = next(question for question in shipped.questions if question.primary == ("empathy",))
    after = replace(before, **change)
    assert actions.import_bank(OPERATOR, BankFile(questions=(after,))) == Imported(0, 1, 0)
    db.session.expire_all()
    question = queries.get_question(before.id)
    assert queries.read_question(question) == replace(after, state=after.state or QuestionState.ACTIVE)
    assert question.version == 2


def test_a_question_retired_here_stays_so_when_a_newer_bank_comes_in(opened: None, shipped: BankFile) -> None:
    question = queries.get_question(shipped.questions[0].id)
    actions.retire_question(OPERATOR, question)
    newer = replace(shipped.questions[0], text="Newer words?")
    assert actions.import_bank(OPERATOR, BankFile(questions=(newer,))).changed == 1
    assert (question.text, question.state) == ("Newer words?", QuestionState.RETIRED)


def test_two_skills_may_swap_their_names(opened: None, shipped: BankFile) -> None:
    first, second, *others = shipped.skills
    swapped = (replace(first, name=second.name), replace(second, name=first.name), *others)
    assert actions.import_bank(OPERATOR, BankFile(skills=swapped)).changed == 2
    assert queries.get_skill(first.id).name == second.name
    assert queries.get_skill(first.id).version == 1


def test_a_skills_version_rises_with_its_anchors(opened: None, shipped: BankFile) -> None:
    skill = replace(shipped.skills[0], anchors=shipped.skills[0].anchors | {3: "Other behaviour."})
    actions.import_bank(OPERATOR, BankFile(skills=(skill,)))
    assert queries.get_skill(skill.id).version == 2
    assert queries.get_skill(skill.id).position == 0


def test_only_check_writes_nothing(opened: None, shipped: BankFile) -> None:
    other = replace(shipped.questions[0], text="Other words?")
    assert actions.import_bank(OPERATOR, BankFile(questions=(other,)), only_check=True) == Imported(0, 1, 0)
    assert not db.session.dirty
    assert queries.get_question(other.id).text != "Other words?"


def test_an_import_that_breaks_a_rule_changes_nothing(opened: None, shipped: BankFile) -> None:
    good, bad = replace(shipped.questions[0], text="Other words?"), replace(shipped.questions[1], minutes=0)
    with pytest.raises(Invalid):
        actions.import_bank(OPERATOR, BankFile(questions=(good, bad)))
    backwards = replace(shipped.questions[1], state=QuestionState.DRAFT)
    with pytest.raises(Conflict):
        actions.import_bank(OPERATOR, BankFile(questions=(good, backwards)))
    assert queries.get_question(good.id).text != "Other words?"


def test_who_may_not_edit_the_bank_is_refused_everywhere(opened: None, shipped: BankFile) -> None:
    question, skill = queries.get_question(shipped.questions[0].id), queries.get_skill("empathy")
    entry, words = queries.read_question(question), queries.read_skill(skill)
    for attempt in (
        lambda: actions.create_question(INTERVIEWER, entry),
        lambda: actions.change_question(INTERVIEWER, question, entry, version=1),
        lambda: actions.retire_question(INTERVIEWER, question),
        lambda: actions.activate_question(INTERVIEWER, question),
        lambda: actions.create_skill(INTERVIEWER, words),
        lambda: actions.change_skill(INTERVIEWER, skill, words, version=1),
        lambda: actions.import_bank(INTERVIEWER, shipped),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_every_write_is_on_record(opened: None, shipped: BankFile) -> None:
    question, skill = queries.get_question(shipped.questions[0].id), queries.get_skill("empathy")
    entry = queries.read_question(question)
    created = actions.create_question(OPERATOR, replace(entry, id="", text="A new one?"))
    actions.change_question(OPERATOR, question, replace(entry, minutes=9), version=1)
    actions.retire_question(OPERATOR, question)
    actions.activate_question(OPERATOR, question)
    actions.change_skill(OPERATOR, skill, replace(queries.read_skill(skill), name="Fellow feeling"), version=1)
    done = [(event.act.removeprefix("bank."), event.thing_id) for event in list_events(act="bank.", limit=5)]
    same = question.id
    assert done[::-1] == [
        ("create_question", created.id),
        ("edit_question", same),
        ("retire_question", same),
        ("activate_question", same),
        ("edit_skill", "empathy"),
    ]


def test_the_same_words_make_no_second_question(opened: None, shipped: BankFile) -> None:
    entry = replace(shipped.questions[0], id="", text="A new one?")
    actions.create_question(OPERATOR, entry)
    with pytest.raises(Invalid):
        actions.create_question(OPERATOR, entry)


def test_two_questions_in_use_never_ask_in_the_same_words(opened: None, shipped: BankFile) -> None:
    first, second = (queries.get_question(one.id) for one in shipped.questions[:2])
    again = replace(queries.read_question(first), id="", text=first.text.upper())
    for attempt in (
        lambda: actions.create_question(OPERATOR, again),
        lambda: actions.create_question(OPERATOR, replace(again, id="another")),
        lambda: actions.change_question(OPERATOR, second, replace(again, id=second.id), version=1),
    ):
        with pytest.raises(Invalid) as refusal:
            attempt()
        assert first.id in refusal.value.fields["text"]
    actions.change_question(OPERATOR, first, again, version=1)
    actions.retire_question(OPERATOR, first)
    assert actions.create_question(OPERATOR, again).state is QuestionState.ACTIVE
    with pytest.raises(Conflict):
        actions.activate_question(OPERATOR, first)


def test_an_edit_of_an_older_version_is_refused(opened: None, shipped: BankFile) -> None:
    question = queries.get_question(shipped.questions[0].id)
    entry = queries.read_question(question)
    actions.change_question(OPERATOR, question, replace(entry, text="Theirs?"), version=1)
    with pytest.raises(Conflict):
        actions.change_question(OPERATOR, question, replace(entry, text="Mine?"), version=1)
    assert question.text == "Theirs?"


def test_counts_hold_active_questions_alone(opened: None, shipped: BankFile) -> None:
    first = shipped.questions[0]
    before, frames = queries.count_by_skill()[first.primary[0]][Strength.PRIMARY], queries.count_by_frame()[first.frames[0]]
    actions.retire_question(OPERATOR, queries.get_question(first.id))
    assert queries.count_by_skill()[first.primary[0]][Strength.PRIMARY] == before - 1
    assert queries.count_by_frame()[first.frames[0]] == frames - 1


def test_questions_come_by_skill_and_retired_ones_last(opened: None, shipped: BankFile) -> None:
    retired = shipped.questions[0].id
    actions.retire_question(OPERATOR, queries.get_question(retired))
    found, total = queries.list_questions(QuestionFilters(), per_page=1000)
    order = {skill.id: skill.position for skill in queries.list_skills()}
    places = [order[question.primary[0].id] for question in found[:-1]]
    assert (total, places) == (len(shipped.questions), sorted(places))
    assert found[-1].id == retired


def test_a_file_may_name_what_the_bank_knows(opened: None) -> None:
    known = queries.read_known()
    assert isinstance(known, Known)
    assert (known.skills["empathy"], known.frames["leading-a-team"]) == ("Empathy", "Leading a team")


def test_the_commands_check_import_and_export(app: Flask, tmp_path: Path) -> None:
    runner, file = app.test_cli_runner(), tmp_path / "bank.yaml"
    assert runner.invoke(args=["bank", "export", "-o", str(file)]).exit_code == 0
    exported = file.read_text()
    assert runner.invoke(args=["bank", "export"]).stdout == exported
    file.write_text(exported.replace("minutes: 10\n", "minutes: 11\n", 1))
    assert "0 would be created, 1 would be changed" in runner.invoke(args=["bank", "import", str(file), "--check"]).stdout
    assert "0 created, 1 changed" in runner.invoke(args=["bank", "import", str(file)]).stdout
    assert "0 created, 0 changed" in runner.invoke(args=["bank", "import", str(file)]).stdout
    assert "0 created, 1 changed" in runner.invoke(args=["bank", "import", str(FOLDER)]).stdout


def test_a_faulty_file_is_told_by_path_line_and_place_and_the_command_fails(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bank.yaml"
    file.write_text("questions:\n  - id: A\n")
    answer = app.test_cli_runner().invoke(args=["bank", "import", str(file)])
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert f"{file}:2: questions[1].id: “id” is “A”, but has to be small letters" in answer.stderr
    assert "8 faults found. Nothing was changed." in answer.stderr


def test_a_file_that_can_t_be_written_or_read_is_told_in_a_line(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    runner, file = app.test_cli_runner(), tmp_path / "bank.yaml"
    file.write_text("skills: []\n")
    written = runner.invoke(args=["bank", "export", "-o", str(tmp_path / "nowhere" / "x.yaml")])
    monkeypatch.setattr(Path, "read_bytes", refuse)
    for answer, said in (
        (written, "x.yaml can't be written: No such file or directory."),
        (runner.invoke(args=["bank", "import", str(file)]), "bank.yaml can't be read: Permission denied."),
        (runner.invoke(args=["bank", "import", str(tmp_path)]), "This file can't be read: Permission denied."),
    ):
        assert answer.exit_code == 1
        assert isinstance(answer.exception, SystemExit)
        assert said in answer.stderr


def test_a_command_acts_as_the_person_named_and_within_their_rights(app: Flask) -> None:
    runner = app.test_cli_runner()
    for role, code in ((Role.ADMIN, 0), (Role.INTERVIEWER, 1)):
        email = f"{role}@example.org"
        made = runner.invoke(args=["accounts", "add", email, "--name", "Kim", "--role", role.value, "--password", "four plain words here"])
        assert made.exit_code == 0, made.output
        assert runner.invoke(args=["bank", "import", str(FOLDER), "--as", email]).exit_code == code
