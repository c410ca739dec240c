"""The shipped bank holds what it promises: every skill assessable, every frame carried, no question asked twice."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from hiring.bank import files, rules
from hiring.bank.rules import BankFile, FrameKind, Kind, Mode, QuestionEntry, SkillGroup
from hiring.config import ROOT

FOLDER = ROOT / "hiring" / "bank" / "content" / "tech_lead"
NAMES = {
    SkillGroup.LEADERSHIP: [
        "Problem-solving",
        "Crisis response",
        "Team management",
        "Giving and receiving feedback",
        "Facilitating communication",
    ],
    SkillGroup.TECHNICAL: [
        "Performance optimization",
        "System maintenance",
        "Resource management",
        "Reviews",
        "Development",
        "Continuous improvement and delivery",
        "Prototyping and tooling",
    ],
    SkillGroup.SOFT: [
        "Resilience",
        "Innovative thinking",
        "Open-mindedness",
        "Empathy",
        "Open communication",
        "Organization",
        "Action orientation",
    ],
}
FRAMES = {FrameKind.RESPONSIBILITY: 7, FrameKind.KNOWLEDGE: 5, FrameKind.CAREER: 6}
FRAME_OF = {Kind.SCENARIO: FrameKind.RESPONSIBILITY, Kind.TECHNICAL: FrameKind.KNOWLEDGE, Kind.BACKGROUND: FrameKind.CAREER}
FEWEST_FOR_A_SKILL, FEWEST_IN_ALL = 6, 114
LEAST_SHARE_OF_A_MODE = 0.4
TOO_ALIKE = 0.3
"""Measured: no two of the 133 texts are more alike than 0.17 (99.9 % of the pairs stay below 0.13), while the closest
paraphrase by hand that keeps a few words lies at 0.44 and more. 0.3 lies between the two, about as far from either."""


@pytest.fixture(scope="module")
def bank() -> BankFile:
    return files.read_bank_folder(FOLDER)


def test_the_nineteen_skills_stand_in_their_order(bank: BankFile) -> None:
    assert [(skill.group, skill.name) for skill in bank.skills] == [(group, name) for group, names in NAMES.items() for name in names]


def test_every_skill_has_a_definition_and_five_anchors_that_differ(bank: BankFile) -> None:
    for skill in bank.skills:
        assert len(skill.definition) > 60, skill.id
        assert [*skill.anchors] == [*rules.MARKS], skill.id
        assert rules.find_skill_issues(skill) == [], skill.id
        assert min(map(len, skill.anchors.values())) > 60, skill.id


def test_every_skill_is_the_first_of_at_least_six_questions(bank: BankFile) -> None:
    count = Counter(question.primary[0] for question in bank.questions)
    assert {skill.id: count[skill.id] for skill in bank.skills if count[skill.id] < FEWEST_FOR_A_SKILL} == {}
    assert len(bank.questions) >= FEWEST_IN_ALL


def test_every_frame_is_carried_by_at_least_two_questions(bank: BankFile) -> None:
    assert Counter(frame.kind for frame in bank.frames) == FRAMES
    count = Counter(frame for question in bank.questions for frame in question.frames)
    assert {frame.id: count[frame.id] for frame in bank.frames if count[frame.id] < 2} == {}
    assert [frame.id for frame in bank.frames if not frame.skills] == []


def test_a_question_of_a_kind_is_set_in_a_frame_that_fits_it(bank: BankFile) -> None:
    kinds = {frame.id: frame.kind for frame in bank.frames}
    wanted = [(question, FRAME_OF[question.kind]) for question in bank.questions if question.kind in FRAME_OF]
    assert [question.id for question, kind in wanted if kind not in {kinds[frame] for frame in question.frames}] == []


def test_both_modes_and_all_kinds_are_well_represented(bank: BankFile) -> None:
    modes = Counter(question.mode for question in bank.questions)
    assert min(modes[mode] for mode in Mode) >= LEAST_SHARE_OF_A_MODE * len(bank.questions)
    assert {question.kind for question in bank.questions} == {*Kind}


def test_every_question_says_what_to_listen_for(bank: BankFile) -> None:
    def is_thin(question: QuestionEntry) -> bool:
        return min(len(question.probes), len(question.strong), len(question.weak)) < 2 or bool(rules.find_question_issues(question))

    assert [question.id for question in bank.questions if is_thin(question)] == []


def test_every_question_names_where_it_comes_from(bank: BankFile) -> None:
    assert {(question.source, question.licence) for question in bank.questions} == {("Loopcard tech-lead bank", "Apache-2.0")}


def test_ids_are_unique_and_begin_with_the_first_skill(bank: BankFile) -> None:
    ids = [question.id for question in bank.questions]
    assert len({*ids}) == len(ids)
    assert [question.id for question in bank.questions if not question.id.startswith(question.primary[0] + "-")] == []


def measure_likeness(texts: Sequence[str]) -> np.ndarray:
    """Cosine of every pair of texts, over words and pairs of words, each weighed by how few texts have it (TF-IDF)."""
    counts = []
    for text in texts:
        words = re.findall(r"[a-z0-9']+", text.lower())
        counts.append(Counter(words) + Counter(f"{one} {two}" for one, two in zip(words, words[1:], strict=False)))
    places = {term: place for place, term in enumerate(sorted({term for count in counts for term in count}))}
    table = np.zeros((len(texts), len(places)))
    for row, count in enumerate(counts):
        for term, number in count.items():
            table[row, places[term]] = np.log1p(number)
    table *= np.log((1 + len(texts)) / (1 + (table > 0).sum(axis=0))) + 1
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    return table @ table.T


def find_alike(texts: Sequence[str]) -> list[tuple[int, int]]:
    alike = np.triu(measure_likeness(texts), k=1) >= TOO_ALIKE
    return [(int(one), int(two)) for one, two in np.argwhere(alike)]


def test_no_two_questions_ask_the_same(bank: BankFile) -> None:
    texts = [question.text for question in bank.questions]
    assert [(texts[one], texts[two]) for one, two in find_alike(texts)] == []


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("crisis-response-worst-hour", None),
        (
            "crisis-response-worst-hour",
            "You are the one the others look to, and it is the worst hour you have had at work: name your first three decisions and "
            "what was known to you when you took them.",
        ),
        (
            "crisis-response-press-launch",
            "A launch has been announced in the press for twelve days from now. A rehearsal shows that the conversion of existing "
            "customers' data needs nineteen days, and you trust no short cut. Four large customers have the date from sales. Nobody "
            "else knows yet, at three in the afternoon. What do you do before going home?",
        ),
    ],
    ids=["a copy", "a paraphrase", "a paraphrase in another order"],
)
def test_the_measure_finds_a_planted_double(bank: BankFile, of: str, said: str | None) -> None:
    texts = [question.text for question in bank.questions]
    place = [question.id for question in bank.questions].index(of)
    assert find_alike([*texts, said or texts[place]]) == [(place, len(texts))]
