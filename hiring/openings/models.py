"""Tables of openings, the skills they weigh, who manages them, and their candidates."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.accounts.models import Person
from hiring.bank.models import Skill
from hiring.db import Model, UTCDateTime, new_id, now, one_of
from hiring.openings.rules import LEAST_COVERED_SHARE, OpeningState, Seal, SkillRule


class Opening(Model):
    """The job: what it asks for, who decides, who applies."""

    __tablename__ = "openings"
    __table_args__ = (
        CheckConstraint(one_of("state", OpeningState), name="state"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint(one_of("seal", Seal), name="seal"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[int] = mapped_column(default=3)
    state_name: Mapped[str] = mapped_column("state", String(20), default=OpeningState.DRAFT.value)
    seal_name: Mapped[str] = mapped_column("seal", String(20), default=Seal.REVEAL.value)
    least_covered_share: Mapped[float] = mapped_column(default=LEAST_COVERED_SHARE)
    rule_version: Mapped[int] = mapped_column(default=1)
    rule_sealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    skills: Mapped[list["OpeningSkill"]] = relationship(cascade="all, delete-orphan", order_by="OpeningSkill.position", lazy="selectin")
    managers: Mapped[list["OpeningManager"]] = relationship(
        cascade="all, delete-orphan", order_by="OpeningManager.person_id", lazy="selectin"
    )
    candidacies: Mapped[list["Candidacy"]] = relationship(back_populates="opening", order_by="Candidacy.position")
    changes: Mapped[list["RuleChange"]] = relationship(cascade="all, delete-orphan", order_by="RuleChange.version")

    @property
    def state(self) -> OpeningState:
        return OpeningState(self.state_name)

    @property
    def seal(self) -> Seal:
        """The kind that loops get which are created from now on."""
        return Seal(self.seal_name)

    @property
    def opening(self) -> "Opening":
        """Itself, so that the permission table asks an opening, a plan, a loop and a card in the same words."""
        return self

    @property
    def manager_ids(self) -> set[str]:
        return {manager.person_id for manager in self.managers}

    @property
    def rule_is_sealed(self) -> bool:
        return self.rule_sealed_at is not None


class OpeningSkill(Model):
    """A skill that the opening asks for: its weight with a reason, and its bar where it is a must-have."""

    __tablename__ = "opening_skills"
    __table_args__ = (
        CheckConstraint("weight > 0 AND weight <= 100", name="weight"),
        CheckConstraint("bar IS NULL OR bar BETWEEN 1 AND 5", name="bar"),
    )

    opening_id: Mapped[str] = mapped_column(ForeignKey("openings.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True)
    weight: Mapped[float] = mapped_column(default=1.0)
    reason: Mapped[str] = mapped_column(Text, default="")
    bar: Mapped[float | None]
    sessions: Mapped[int] = mapped_column(default=2)
    people: Mapped[int] = mapped_column(default=2)
    position: Mapped[int] = mapped_column(default=0)

    skill: Mapped[Skill] = relationship(lazy="joined")

    @property
    def rule(self) -> SkillRule:
        return SkillRule(self.skill_id, self.weight, self.reason, self.bar, self.sessions, self.people)


class RuleChange(Model):
    """The declared rule as it stood before a change, with the reason for the change."""

    __tablename__ = "rule_changes"

    opening_id: Mapped[str] = mapped_column(ForeignKey("openings.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class OpeningManager(Model):
    """Who manages the opening: builds its plan, reveals its panels, decides."""

    __tablename__ = "opening_managers"

    opening_id: Mapped[str] = mapped_column(ForeignKey("openings.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="joined")


class Candidate(Model):
    """A person who applies; known across openings by their e-mail address."""

    __tablename__ = "candidates"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Candidacy(Model):
    """A candidate's application for one opening."""

    __tablename__ = "candidacies"
    __table_args__ = (UniqueConstraint("opening_id", "candidate_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    opening_id: Mapped[str] = mapped_column(ForeignKey("openings.id"), index=True)
    candidate_id: Mapped[str] = mapped_column(ForeignKey("candidates.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    opening: Mapped[Opening] = relationship(back_populates="candidacies")
    candidate: Mapped[Candidate] = relationship(lazy="joined")

    @property
    def name(self) -> str:
        return self.candidate.name
