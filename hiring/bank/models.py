"""Tables of the bank: skills, questions, the skills that a question probes, frames."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.bank.rules import FrameKind, Kind, Mode, QuestionState, SkillGroup, Strength
from hiring.db import Model, UTCDateTime, new_id, now, one_of


class Skill(Model):
    """What is marked: a definition, and an anchor for each mark from 1 to 5."""

    __tablename__ = "skills"
    __table_args__ = (CheckConstraint(one_of("group_name", SkillGroup), name="group"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    group_name: Mapped[str] = mapped_column(String(20))
    definition: Mapped[str] = mapped_column(Text)
    anchors_json: Mapped[dict[str, str]] = mapped_column("anchors", JSON)
    version: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)

    @property
    def anchors(self) -> dict[int, str]:
        return {int(mark): text for mark, text in sorted(self.anchors_json.items())}


class Frame(Model):
    """A responsibility, a kind of knowledge or a career step that a question is set in."""

    __tablename__ = "frames"
    __table_args__ = (CheckConstraint(one_of("kind", FrameKind), name="kind"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    definition: Mapped[str] = mapped_column(Text)
    skill_ids: Mapped[list[str]] = mapped_column("skills", JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)


class Question(Model):
    """What an interviewer asks, with what to listen for; retired rather than deleted."""

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("mode", Mode), name="mode"),
        CheckConstraint(one_of("state", QuestionState), name="state"),
        CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[str] = mapped_column(String(80), primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    mode: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    level: Mapped[int]
    probes: Mapped[list[str]] = mapped_column(JSON, default=list)
    strong: Mapped[list[str]] = mapped_column(JSON, default=list)
    weak: Mapped[list[str]] = mapped_column(JSON, default=list)
    frame_ids: Mapped[list[str]] = mapped_column("frames", JSON, default=list)
    wording_group: Mapped[str] = mapped_column(String(80), default="", index=True)
    source: Mapped[str] = mapped_column(String(200), default="")
    licence: Mapped[str] = mapped_column(String(80), default="")
    state_name: Mapped[str] = mapped_column("state", String(20), default=QuestionState.ACTIVE.value, index=True)
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, onupdate=now)

    links: Mapped[list["QuestionSkill"]] = relationship(
        back_populates="question", cascade="all, delete-orphan", order_by="QuestionSkill.position", lazy="selectin"
    )
    __mapper_args__: dict[str, Any] = {"version_id_col": version}

    @property
    def state(self) -> QuestionState:
        return QuestionState(self.state_name)

    @property
    def primary(self) -> list[Skill]:
        return [link.skill for link in self.links if link.strength == Strength.PRIMARY]

    @property
    def secondary(self) -> list[Skill]:
        return [link.skill for link in self.links if link.strength == Strength.SECONDARY]


class QuestionSkill(Model):
    """That a question gives evidence of a skill, and how much."""

    __tablename__ = "question_skills"
    __table_args__ = (CheckConstraint(one_of("strength", Strength), name="strength"),)

    question_id: Mapped[str] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
    strength: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)

    question: Mapped[Question] = relationship(back_populates="links")
    skill: Mapped[Skill] = relationship(lazy="joined")
