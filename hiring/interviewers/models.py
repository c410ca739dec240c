"""Tables of interviewers: what they can judge, how much they take on, when they are free."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hiring.db import Model, UTCDateTime, new_id, one_of
from hiring.interviewers.rules import HIGHEST_LIMIT, LOWEST_LIMIT, USUAL_LIMIT, USUAL_SENIORITY, Span, SpanSource


class Interviewer(Model):
    """What was said of somebody as an interviewer; who has no row is taken as the defaults say."""

    __tablename__ = "interviewers"
    __table_args__ = (
        CheckConstraint("seniority BETWEEN 1 AND 5", name="seniority"),
        CheckConstraint(f"load_limit BETWEEN {LOWEST_LIMIT} AND {HIGHEST_LIMIT}", name="load_limit"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    seniority: Mapped[int] = mapped_column(default=USUAL_SENIORITY)
    load_limit: Mapped[int] = mapped_column(default=USUAL_LIMIT)
    # Without it, a calendar that leaves nothing free would look like no calendar at all, which means always free.
    gave_times: Mapped[bool] = mapped_column(default=False)


class JudgedSkill(Model):
    """That somebody can judge a skill."""

    __tablename__ = "judged_skills"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    skill_id: Mapped[str] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)


class FreeSpan(Model):
    """A time in which somebody can be asked to interview."""

    __tablename__ = "free_spans"
    __table_args__ = (
        CheckConstraint(one_of("source", SpanSource), name="source"),
        CheckConstraint("ends_at > starts_at", name="order"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    source: Mapped[str] = mapped_column(String(20))

    @property
    def span(self) -> Span:
        return self.starts_at, self.ends_at
