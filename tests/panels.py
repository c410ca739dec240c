"""Made-up panels for the comparison: seven candidates, five interviewers, the nineteen skills of the shipped bank."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from hiring.debrief.building import Row, build_sheet
from hiring.debrief.parts import Card, LeftOut, Rule, RuleChange, SheetCandidate, SheetDecision, SheetSkill
from hiring.debrief.rules import Outcome
from hiring.debrief.sheet import Sheet
from hiring.scorecards.rules import Given, Recommendation

START = datetime(2025, 11, 3, 9, 0, tzinfo=UTC)
OPENING = ("opening1", "tech-lead-payments", "Tech lead, Payments platform")
NAMES = (
    "Mara Lindqvist",
    "Tomasz Zieliński",
    "Aisha Okonkwo-Bennett",
    "Chen Wei",
    "Lucía Fernández de la Vega",
    "Jón Þór Ægisson",
    "Priya Raman",
)
PANEL = (
    ("i1", "Jonas Weber", "s1", "Leading people"),
    ("i2", "Ines Ferreira", "s2", "System design"),
    ("i3", "Olu Adeyemi", "s3", "Crisis and delivery"),
    ("i4", "Hanna Korhonen", "s4", "Working together"),
    ("i5", "David Katz", "s5", "Career and motives"),
)
SKILLS: tuple[tuple[str, str, str, float, float | None, str, tuple[str, ...]], ...] = (
    ("crisis-response", "Crisis response", "leadership", 2.0, 3.0, "Payments fail loudly: the first hour is this person's.", ("s1", "s3")),
    ("facilitating-communication", "Facilitating communication", "leadership", 1.0, None, "", ("s1", "s4")),
    ("feedback", "Giving and receiving feedback", "leadership", 1.0, None, "", ("s1", "s4", "s5")),
    ("problem-solving", "Problem-solving", "leadership", 1.0, None, "", ("s2", "s3")),
    ("team-management", "Team management", "leadership", 1.5, 3.0, "Six engineers report to this role from the first day.", ("s1", "s5")),
    ("continuous-delivery", "Continuous improvement and delivery", "technical", 1.0, None, "", ("s2", "s3")),
    ("development", "Development", "technical", 1.0, 3.5, "", ("s2", "s3")),
    ("performance-optimization", "Performance optimization", "technical", 1.0, None, "", ("s2", "s3")),
    (
        "prototyping-and-tooling",
        "Prototyping and tooling",
        "technical",
        0.5,
        None,
        "A platform team next door owns the tooling.",
        ("s2", "s5"),
    ),
    ("resource-management", "Resource management", "technical", 1.0, None, "", ("s1", "s3")),
    ("reviews", "Reviews", "technical", 1.0, None, "", ("s2", "s4")),
    ("system-maintenance", "System maintenance", "technical", 1.0, None, "", ("s2", "s3")),
    ("action-orientation", "Action orientation", "soft", 1.0, None, "", ("s3", "s5")),
    ("empathy", "Empathy", "soft", 1.0, None, "", ("s4", "s1")),
    ("innovative-thinking", "Innovative thinking", "soft", 1.0, None, "", ("s2", "s5")),
    ("open-communication", "Open communication", "soft", 1.0, None, "", ("s4", "s1")),
    ("open-mindedness", "Open-mindedness", "soft", 1.0, None, "", ("s4", "s5")),
    ("organization", "Organization", "soft", 1.0, None, "", ("s4", "s5")),
    ("resilience", "Resilience", "soft", 1.0, None, "", ("s3", "s5")),
)
WEAK, FAIR, GOOD = 0, 1, 2
HEARD: dict[str, list[str]] = json.loads((Path(__file__).parent / "heard.json").read_text(encoding="utf-8"))
SUMMARIES = {
    Recommendation.STRONG_YES: "The strongest lead I have met this year: sees people and systems at once, and says what she doesn't know.",
    Recommendation.YES: "Would raise the team. Solid under pressure; needs a peer for the platform questions.",
    Recommendation.NO: "Good engineer, but the examples of leading are thin and the same one came three times.",
    Recommendation.STRONG_NO: "Blames, and did not see the double charge when shown. I would not want my team to work under this.",
    Recommendation.CANT_SAY: "We lost half of the hour to the connection.",
}
DEBRIEF_NOTES = (
    "",
    "Let us talk about the outage story: I believe David heard another version.",
    "Please ask for a reference on the reorganisation.",
)


def make_skills() -> tuple[SheetSkill, ...]:
    return tuple(
        SheetSkill(
            id,
            name,
            group,
            weight,
            bar,
            reason,
            2,
            f"What {name.lower()} means here.",
            {mark: f"{name}, as a {mark}." for mark in range(1, 6)},
        )
        for id, name, group, weight, bar, reason, _ in SKILLS
    )


def make_rule() -> Rule:
    before = tuple((name, 1.0, bar) for _, name, _, _, bar, _, _ in SKILLS)
    said = "The on-call rota moves to this team in January, so crisis response counts double."
    change = RuleChange(1, said, "Nadia Haddad", START + timedelta(days=1), before)
    return Rule(2, 0.8, START, (change,))


def make_given(random: Random, talent: float) -> Given:
    roll = random.random()
    if roll < 0.05:
        return Given.NOT_ASKED
    if roll < 0.10:
        return Given.NO_EVIDENCE
    return Given(str(min(5, max(1, round(random.gauss(talent, 0.9))))))


def make_evidence(skill_id: str, given: Given, random: Random) -> str:
    if given.mark is None:
        return "Asked, but we drifted into the tooling and I have nothing to judge by." if given is Given.NO_EVIDENCE else ""
    if random.random() < 0.04:
        return ""
    return HEARD[skill_id][WEAK if given.mark <= 2 else FAIR if given.mark == 3 else GOOD]


def _interview(candidate: SheetCandidate, random: Random, *, everybody: bool) -> tuple[list[Row], list[Card]]:
    """What each of the panel recorded on one candidate."""
    rows, cards = [], []
    talent = random.uniform(2.6, 4.1)
    for place, (interviewer_id, interviewer, session_id, session) in enumerate(PANEL):
        for skill_id, *_, sessions in SKILLS:
            if session_id in sessions or everybody:
                given = make_given(random, talent)
                heard, asked = make_evidence(skill_id, given, random), (f"{skill_id}-{session_id}",)
                rows.append(
                    Row(candidate.id, candidate.name, interviewer_id, interviewer, session_id, session, skill_id, given, heard, 1, asked)
                )
        said = random.choices(list(Recommendation), [max(0.1, 3.2 - talent), 4 - talent, talent - 2, max(0.1, talent - 3), 0.15])[0]
        why_not = "The line broke off after twenty minutes." if said is Recommendation.CANT_SAY else ""
        submitted, notes = START + timedelta(days=3 + place, hours=place), random.choice(DEBRIEF_NOTES)
        cards.append(
            Card(candidate.id, candidate.name, interviewer_id, interviewer, session, said, why_not, SUMMARIES[said], notes, submitted)
        )
    return rows, cards


def make_panel(names: tuple[str, ...] = NAMES[:4], *, seed: int = 7, everybody: bool = False, **changes: Any) -> dict[str, Any]:
    """What `build_sheet` takes. everybody: each interviewer marks every skill. changes: arguments put in its place."""
    random = Random(seed)  # noqa: S311 - the same panel each time is the point
    candidates = tuple(
        SheetCandidate(f"c{place}", name, 1, START + timedelta(days=9), "Nadia Haddad") for place, name in enumerate(names, 1)
    )
    recorded = [_interview(candidate, random, everybody=everybody) for candidate in candidates]
    return {
        "opening": OPENING,
        "rule": make_rule(),
        "skills": make_skills(),
        "candidates": candidates,
        "rows": [row for rows, _ in recorded for row in rows],
        "cards": [card for _, cards in recorded for card in cards],
        "decisions": (),
        "left_out": (
            LeftOut("c8", "Ömer Yıldız", "3 of 5 cards are in"),
            LeftOut("c9", "Beatrice Conti", "withdrew"),
            LeftOut("c1", f"A shadow's card on {names[0]}", "for learning: it never counts"),
        ),
        **changes,
    }


def make_sheet(names: tuple[str, ...] = NAMES[:4], **changes: Any) -> Sheet:
    return build_sheet(**make_panel(names, **changes))


def make_decision(candidate_id: str = "c1", **changes: Any) -> SheetDecision:
    said = {
        "outcome": Outcome.HIRE,
        "reason": "Clears every must-have; the panel agrees on crisis response after talking it through.",
        "decided_by": "Nadia Haddad",
        "decided_at": START + timedelta(days=10),
        "rule_version": 2,
    }
    return SheetDecision(candidate_id, **{**said, **changes})


def make_hard_sheet(count: int = 6) -> Sheet:
    """Names of sixty characters, notes of ten and of five thousand, other scripts, one endless word, two plan versions."""
    long = (
        "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh y Rivas",
        "Aleksandra Katarzyna Brzęczyszczykiewicz-Konstantynopolitańska",
    )
    names = (
        *long,
        "Anne-Marie Jeanne Geneviève de la Rochefoucauld-Montmorency",
        "عبد الرحمن بن محمد الأنصاري",
        "Li",
        "Χρυσάνθη Παπαδοπούλου",
        "Jo",
    )
    panel = make_panel(names[:count], seed=11)
    texts = (
        "Good start",
        ("She said it, then did it. " * 200)[:4990] + " LAST WORD",
        "قال إنه أوقف النشر أولاً ثم أخبر العملاء.",
        "x" * 900,
        "a\x0bb & <b>no</b>",
    )
    rows = [row if place % 9 else _change(row, evidence=texts[place // 9 % len(texts)]) for place, row in enumerate(panel["rows"])]
    second = {one.id for one in panel["candidates"][count // 2 :]}
    rows = [_change(row, plan_version=2, question_ids=(*row.question_ids, "v2")[1:]) if row.candidate_id in second else row for row in rows]
    gone = {row.candidate_id for row in rows[:1]}
    panel["rows"] = [
        row for row in rows if not (row.candidate_id in gone and row.skill_id in {"reviews", "resilience", "feedback", "empathy"})
    ]
    panel["candidates"] = tuple(_change(one, plan_version=2) if one.id in second else one for one in panel["candidates"])
    panel["decisions"] = (make_decision("c2"), make_decision("c1", outcome=Outcome.NO_HIRE, reason="Evidence too thin. " * 40))
    return build_sheet(**panel)


def _change(thing: Any, **changes: Any) -> Any:
    return type(thing)(**{**thing.__dict__, **changes})
