"""A card as plain text: what goes into another system, and what never does."""

from dataclasses import replace
from datetime import UTC, datetime

from hiring.loops.rules import SessionFormat
from hiring.loops.sheet import AskedQuestion, AskedSkill, SessionSheet
from hiring.scorecards.plain import write_card
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Amended, Entries, Kit, QuestionEntry, Ruled, SkillEntry

ANCHORS = {mark: f"Anchor {mark}." for mark in range(1, 6)}
HEAD = ["Cleo Candidate: Tech lead", "First talk, by Ana Panel"]


def question(name: str, *skills: str) -> AskedQuestion:
    return AskedQuestion(name, name, f"{name.capitalize()}?", "behavioural", "past", 10, 3, skills, (), (), (), (), "", False)


def write(entries: Entries, amended: dict[str, tuple[Amended, ...]] | None = None):
    skills = tuple(
        AskedSkill(one, one.capitalize(), "soft", "", ANCHORS, 1, 1.0, "", None, 2) for one in ("empathy", "feedback", "reviews")
    )
    asked = (question("why", "empathy", "feedback"), question("how", "empathy"))
    return write_card(HEAD, Kit(SessionSheet("s", "First talk", SessionFormat.MIXED, 60, 10, 1, asked), skills, 2, entries), amended or {})


ENTRIES = Entries(
    {
        "empathy": SkillEntry(Given.FOUR, "  Asked first.\n\nThen <b>listened</b>.  \n"),
        "feedback": SkillEntry(Given.NO_EVIDENCE),
        "reviews": SkillEntry(Given.TWO),
    },
    {"why": QuestionEntry(True, "A note on the question", 9), "how": QuestionEntry(False)},
    Recommendation.STRONG_YES,
    summary="Calm.",
    debrief_notes="Ask Ben.",
    private_notes="For my eyes",
)


def test_a_skill_is_its_name_its_mark_the_anchor_the_evidence_and_the_questions() -> None:
    assert write(ENTRIES).skills == {
        "empathy": "Empathy: 4 of 5\nWhat 4 means: Anchor 4.\nEvidence: Asked first.\nThen <b>listened</b>.\n"
        "Question: Why?\nQuestion (not asked): How?",
        "feedback": "Feedback: no evidence\nEvidence: (none written)\nQuestion: Why?",
        "reviews": "Reviews: 2 of 5\nWhat 2 means: Anchor 2.\nEvidence: (none written)",
    }


def test_the_whole_card_is_its_head_and_all_of_its_skills() -> None:
    plain = write(ENTRIES)
    blocks = plain.whole.split("\n\n")
    assert blocks[0] == "\n".join(HEAD)
    assert blocks[1] == "Recommendation: Strong yes\nSummary: Calm.\nNotes for the debrief: Ask Ben."
    assert blocks[2:] == list(plain.skills.values())


def test_private_notes_are_in_no_text() -> None:
    assert "For my eyes" not in write(ENTRIES).whole


def test_an_amendment_stands_beside_the_sealed_mark() -> None:
    said = Amended("a1", Given.THREE, "Ben heard it\notherwise.", datetime(2026, 12, 3, 9, tzinfo=UTC))
    text = write(ENTRIES, {"empathy": (said,)}).skills["empathy"]
    assert text.startswith("Empathy: 4 of 5\n")
    assert text.endswith("\nAmended after the reveal, 3 December 2026, to 3 of 5: Ben heard it\notherwise.")
    ruled = Ruled(counts=True, reason="The log\nsays so.", ruled_by="Mira", ruled_at=datetime(2026, 12, 4, 9, tzinfo=UTC))
    text = write(ENTRIES, {"empathy": (replace(said, ruled=(ruled,)),)}).skills["empathy"]
    assert text.endswith("\nDebrief, 4 December 2026: the amended mark counts. The log\nsays so.")


def test_who_cant_recommend_says_why() -> None:
    said = Entries(recommendation=Recommendation.CANT_SAY, why_not="Too short.", summary="Half an hour.")
    assert (
        "Recommendation: Can't recommend\nSummary: Half an hour.\nCan't recommend because: Too short."
        in write(Entries({}, {"why": QuestionEntry(), "how": QuestionEntry()}, said.recommendation, said.why_not, said.summary)).whole
    )
