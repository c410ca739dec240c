"""What has to come of each act on a panel's cards: status codes, what stands on them, and what the audit trail says."""

from dataclasses import dataclass, field
from enum import StrEnum

from hiring.scorecards.rules import LONGEST_NOTE

LEADS = ("ana", "ben")
PANEL = (*LEADS, "shadow")
COORDINATORS = ("manager", "admin", "recruiter")
EVERYBODY = (*PANEL, *COORDINATORS, "outsider")
Fields = dict[str, str]


class Stage(StrEnum):
    """Where the loop stands."""

    SCHEDULED = "scheduled"
    UNDER_WAY = "under way"
    READY = "ready"
    REVEALED = "revealed"
    DECIDED = "decided"


BLIND = {Stage.SCHEDULED, Stage.UNDER_WAY, Stage.READY}


@dataclass
class ModelCard:
    """One card. revisions: all fields as they stood after each save that changed something. keys: what those saves were called.

    refused: what was typed in vain, each time the fields that said something else than the card.
    """

    fields: Fields
    is_submitted: bool = False
    revisions: list[Fields] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    refused: list[Fields] = field(default_factory=list)
    amended: list[tuple[str, str, str]] = field(default_factory=list)

    def standing(self, skill: str) -> str:
        """What its author gives for a skill by now."""
        said = [given for about, given, _ in self.amended if about == skill]
        return said[-1] if said else self.fields[f"given-{skill}"]


@dataclass
class Model:
    """The panel. blank: by part the fields of an empty card. opens_after_own: to leads, before the reveal. trail: act and who, in order."""

    blank: dict[str, Fields]
    opens_after_own: bool = False
    stage: Stage = Stage.SCHEDULED
    cards: dict[str, ModelCard] = field(default_factory=dict)
    trail: list[tuple[str, str]] = field(default_factory=list)
    decisions: list[bool] = field(default_factory=list)

    def may_read(self, reader: str, part: str) -> bool:
        """The seal: before the reveal, what a card says is its author's alone, or also those leads' whose own is in now."""
        if reader == part:
            return True
        if not self.is_in(part):
            return False
        if self.stage in BLIND:
            return self.opens_after_own and reader in LEADS and self.is_in(reader)
        return reader in {*PANEL, *COORDINATORS}

    def is_in(self, part: str) -> bool:
        return part in self.cards and self.cards[part].is_submitted

    def may_read_result(self, reader: str) -> bool:
        return self.stage not in BLIND and reader in {*PANEL, *COORDINATORS}

    def open(self, part: str) -> int:
        if part in self.cards:
            return 303
        if self.stage not in BLIND:
            return 409
        self.cards[part] = ModelCard(dict(self.blank[part]))
        return 303

    def save(self, part: str, sent: Fields, *, is_fresh: bool, kept: int = 200, key: str = "") -> int:
        """kept: the status of a save that is taken, which is not the same for a page and for its script. key: the save's name."""
        card = self.cards[part]
        if key in card.keys:
            return kept
        refusal = self._refuse(card, sent, is_fresh)
        if refusal:
            return refusal
        self._write(card, sent, key)
        return kept

    def submit(self, part: str, sent: Fields, *, is_fresh: bool, accepts: bool) -> int:
        """A card that is not taken leaves nothing behind, what was sent with it neither."""
        card = self.cards[part]
        if card.is_submitted and {**card.fields, **sent} == card.fields:
            return 303
        refusal = self._refuse(card, sent, is_fresh)
        if refusal:
            return refusal
        if not is_complete({**card.fields, **sent}, accepts=accepts):
            return 422
        self._write(card, sent)
        card.is_submitted = True
        self.trail.append(("scorecards.submit_scorecard", part))
        self._follow()
        return 303

    def _refuse(self, card: ModelCard, sent: Fields, is_fresh: bool) -> int | None:
        if self.stage not in BLIND or card.is_submitted:
            return self._keep_for_author(card, sent)
        if any(len(text) > LONGEST_NOTE for text in sent.values()):
            return 422
        is_same = {**card.fields, **sent} == card.fields
        return None if is_same or is_fresh else self._keep_for_author(card, sent)

    def _keep_for_author(self, card: ModelCard, sent: Fields) -> int:
        """What the card can't take stays to be read; the same twice in a row once."""
        typed = {name: text for name, text in sent.items() if text and text != card.fields[name]}
        if typed and card.refused[-1:] != [typed]:
            card.refused.append(typed)
        return 409

    def _write(self, card: ModelCard, sent: Fields, key: str = "") -> None:
        after = {**card.fields, **sent}
        if after != card.fields:
            card.fields = after
            card.revisions.append(dict(after))
            card.keys |= {key} - {""}

    def _follow(self) -> None:
        """Under way from the first card that is in, a shadow's too; ready when every lead card is."""
        self.stage = Stage.READY if all(self.is_in(part) for part in LEADS) else Stage.UNDER_WAY

    def withdraw(self, part: str) -> int:
        card = self.cards[part]
        others_in = any(self.is_in(other) for other in PANEL if other != part)
        if not card.is_submitted or self.stage not in BLIND or (self.opens_after_own and others_in):
            return 409
        card.is_submitted = False
        self.trail.append(("scorecards.withdraw_scorecard", part))
        self._follow()
        return 303

    def put_back(self, part: str, place: int) -> int:
        card = self.cards[part]
        if place >= len(card.revisions):
            return 404
        return self.save(part, card.revisions[place], is_fresh=True, kept=303)

    def reveal(self, part: str) -> int:
        if part != "manager":
            return 403 if part in {*PANEL, *COORDINATORS} else 404
        if self.stage is not Stage.READY:
            return 409
        self.stage = Stage.REVEALED
        self.trail.append(("debrief.reveal_panel", part))
        return 303

    def reveal_early(self, part: str, reason: str) -> int:
        if part != "manager":
            return 403 if part in {*PANEL, *COORDINATORS} else 404
        if self.stage is not Stage.UNDER_WAY or not any(self.is_in(one) for one in LEADS):
            return 409
        if not reason.strip():
            return 422
        self.stage = Stage.REVEALED
        self.trail.append(("debrief.break_seal", part))
        return 303

    def amend(self, part: str, skill: str, given: str, reason: str) -> int:
        card = self.cards[part]
        if self.stage is not Stage.REVEALED or not card.is_submitted:
            return 409
        if not given or not reason.strip() or given == card.standing(skill):
            return 422
        card.amended.append((skill, given, reason.strip()))
        self.trail.append(("scorecards.amend_mark", part))
        return 303

    def decide(self, reason: str) -> int:
        if not reason:
            return 404 if self.stage in BLIND else 422
        if self.stage is not Stage.REVEALED:
            return 409
        self.stage = Stage.DECIDED
        self.decisions.append(True)
        self.trail.append(("debrief.decide", "manager"))
        return 303

    def reopen(self, reason: str) -> int:
        if not reason:
            return 404 if self.stage in BLIND else 422
        if self.stage is not Stage.DECIDED:
            return 409
        self.stage = Stage.REVEALED
        self.decisions[-1] = False
        self.trail.append(("debrief.reopen", "manager"))
        return 303


def is_complete(fields: Fields, *, accepts: bool) -> bool:
    """Whether a card can be handed in; accepts: marks without a word beside them too."""
    marks = {name.removeprefix("given-"): given for name, given in fields.items() if name.startswith("given-")}
    bare = [skill for skill, given in marks.items() if given.isdigit() and not fields[f"evidence-{skill}"].strip()]
    if not all(marks.values()) or not fields["recommendation"] or not fields["summary"].strip():
        return False
    return (fields["recommendation"] != "can't recommend" or bool(fields["why_not"].strip())) and (accepts or not bare)
