"""Who can judge what a plan marks: the coverage matrix by people, with what is missing and what hangs on one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hiring.loops.sheet import PlanSheet


@dataclass(frozen=True)
class Judging:
    """Names of people: who can judge each skill, and whom the builder proposes for each session.

    able: skill id to person id to name. panels: session id to person id to name.
    """

    sheet: PlanSheet
    able: Mapping[str, Mapping[str, str]]
    panels: Mapping[str, Mapping[str, str]]

    def judges(self, skill_id: str, session_id: str) -> tuple[str, ...]:
        """Who of the session's proposed panel can judge the skill."""
        return tuple(name for one, name in self.panels[session_id].items() if one in self.able[skill_id])

    def raters(self, skill_id: str) -> tuple[str, ...]:
        """Who would mark the skill, over all sessions that mark it."""
        return tuple(name for session in self.sheet.sessions_marking(skill_id) for name in self.judges(skill_id, session.id))

    @property
    def has_panels(self) -> bool:
        """Whether the builder has proposed anybody yet."""
        return any(self.panels.values())

    def find_warnings(self) -> list[str]:
        """What is missing, and what hangs on one person, in sentences; missing raters only where panels are proposed."""
        warnings = []
        for skill in self.sheet.skills:
            able, raters = list(self.able[skill.id].values()), self.raters(skill.id)
            if not able:
                warnings.append(f"Nobody can judge {skill.name}.")
            elif len(able) == 1:
                warnings.append(f"{skill.name} hangs on {able[0]} alone.")
            if self.has_panels and able and len(raters) < skill.people:
                said = f"only by {raters[0]}" if len(raters) == 1 else f"by {len(raters)} people" if raters else "by nobody"
                warnings.append(f"{skill.name} would be marked {said}; {skill.people} raters are wanted.")
        return warnings


def read_judging(sheet: PlanSheet, people: Sequence[tuple[str, str, frozenset[str]]]) -> Judging | None:
    """The matrix by people: (id, name, ids of the skills that they can judge). None as long as nobody has said so of anybody."""
    if not any(skills for _, _, skills in people):
        return None
    names = {one: name for one, name, _ in people}
    able = {skill.id: {one: name for one, name, skills in people if skill.id in skills} for skill in sheet.skills}
    panels = {session.id: {one: names[one] for one in session.panel_ids if one in names} for session in sheet.sessions}
    return Judging(sheet, able, panels)
