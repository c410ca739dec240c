"""Plans to start from: the three that ship with the bank, and what a template is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from hiring.errors import Invalid
from hiring.loops.rules import Session, SessionFormat

LONGEST_NAME = 80


@dataclass(frozen=True)
class Template:
    """A plan to start from. skill_ids: what it was made to mark twice; questions: for each session, ids to start with."""

    key: str
    name: str
    about: str
    sessions: tuple[Session, ...]
    skill_ids: tuple[str, ...] = ()
    questions: tuple[tuple[str, ...], ...] = ()
    version: int = 1
    is_shipped: bool = False

    @property
    def minutes(self) -> int:
        return sum(session.minutes for session in self.sessions)

    def find_uncovered(self, wanted: Sequence[str]) -> list[str]:
        """Which of these skills it was not made for; none where it does not say."""
        return [skill for skill in wanted if self.skill_ids and skill not in self.skill_ids]


def _session(name: str, form: SessionFormat, minutes: int, reserve: int) -> Session:
    return Session(name, form, minutes, reserve)


KNOWN_SKILLS = (
    "crisis-response",
    "problem-solving",
    "team-management",
    "feedback",
    "development",
    "reviews",
    "empathy",
    "open-communication",
)
SHIPPED = (
    Template(
        "half-day",
        "Half-day on site",
        "Four conversations in one morning or afternoon, with breaks between. Marks all 19 skills in two of them each.",
        (
            _session("Leading people", SessionFormat.BEHAVIOURAL, 65, 5),
            _session("Technical leadership", SessionFormat.TECHNICAL, 65, 5),
            _session("Delivery under pressure", SessionFormat.SCENARIO, 65, 5),
            _session("Judgement and collaboration", SessionFormat.MIXED, 65, 5),
        ),
        is_shipped=True,
    ),
    Template(
        "two-days",
        "Two remote days",
        "Six calls of at most an hour, three a day, with room to breathe. Marks all 19 skills twice, and looks at the career too.",
        (
            _session("Leading people", SessionFormat.BEHAVIOURAL, 60, 10),
            _session("Technical leadership", SessionFormat.TECHNICAL, 60, 10),
            _session("Career and motives", SessionFormat.CAREER, 45, 5),
            _session("Delivery under pressure", SessionFormat.SCENARIO, 60, 10),
            _session("Engineering judgement", SessionFormat.MIXED, 60, 10),
            _session("Working together", SessionFormat.MIXED, 60, 10),
        ),
        is_shipped=True,
    ),
    Template(
        "known-candidate",
        "Short loop for a known candidate",
        "Two hours for somebody whom the team has worked with: the eight skills on which hiring a tech lead most often turns.",
        (
            _session("Leading people", SessionFormat.BEHAVIOURAL, 60, 10),
            _session("Judgement under pressure", SessionFormat.MIXED, 60, 10),
        ),
        KNOWN_SKILLS,
        is_shipped=True,
    ),
)


def check_name(name: str) -> None:
    """Raise Invalid where a template can't be called this."""
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        said = f"Give the template a name of at most {LONGEST_NAME} characters."
        raise Invalid(said, {"name": said})
