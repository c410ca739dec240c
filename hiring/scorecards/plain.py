"""A card as plain text, to be pasted into another system: no markup, and never its author's private notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hiring.formatting import day
from hiring.scorecards.rules import Given
from hiring.scorecards.sheet import Amended, Kit, SkillEntry

UNWRITTEN = "(none written)"


@dataclass(frozen=True)
class PlainCard:
    """The whole card, and each skill of it by id."""

    whole: str
    skills: Mapping[str, str]


def write_card(head: Sequence[str], kit: Kit, amended: Mapping[str, Sequence[Amended]]) -> PlainCard:
    """head: who marked whom, where and when, a line each. Blocks are parted by an empty line."""
    entries = kit.entries
    recommendation = (entries.recommendation or "none").capitalize()
    said = [f"Recommendation: {recommendation}", f"Summary: {_line(entries.summary)}"]
    if entries.why_not.strip():
        said.append(f"Can't recommend because: {_line(entries.why_not)}")
    if entries.debrief_notes.strip():
        said.append(f"Notes for the debrief: {_line(entries.debrief_notes)}")
    skills = {
        skill.id: write_skill(kit, skill.id, entries.skills.get(skill.id, SkillEntry()), amended.get(skill.id, ())) for skill in kit.skills
    }
    return PlainCard("\n\n".join(["\n".join(head), "\n".join(said), *skills.values()]), skills)


def write_skill(kit: Kit, skill_id: str, entry: SkillEntry, amended: Sequence[Amended]) -> str:
    """A skill: its name and mark, the words of the anchor that was chosen, the evidence, and the questions it rests on."""
    skill = kit.skill(skill_id)
    lines = [f"{skill.name}: {_mark(entry.given)}"]
    if entry.given is not None and entry.given.mark is not None:
        lines.append(f"What {entry.given.mark} means: {_line(skill.anchors[entry.given.mark])}")
    lines.append(f"Evidence: {_line(entry.evidence) or UNWRITTEN}")
    for step in kit.steps_for(skill_id):
        was_asked = kit.entries.questions[step.question.place_id].was_asked
        lines.append(f"Question{' (not asked)' if was_asked is False else ''}: {_line(step.question.text)}")
    for one in amended:
        lines.append(f"Amended after the reveal, {day(one.made_at)}, to {_mark(one.given)}: {_line(one.reason)}")
        for ruling in one.ruled:
            lines.append(f"Debrief, {day(ruling.ruled_at)}: {ruling.said} {_line(ruling.reason)}")
    return "\n".join(lines)


def _mark(given: Given | None) -> str:
    if given is None:
        return "not filled in"
    return f"{given.mark} of 5" if given.mark is not None else given.value


def _line(text: str) -> str:
    """Text without spaces at its ends and without empty lines, which would look like the end of a block."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines() if line.strip())
