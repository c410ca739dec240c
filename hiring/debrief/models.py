"""The table of decisions: who decided what on which candidate, and why."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hiring.db import Model, UTCDateTime, new_id, now, one_of
from hiring.debrief.rules import Outcome
from hiring.loops.models import Loop
from hiring.openings.models import Opening


class Decision(Model):
    """A decision on one loop; it stays, and a later one stands beside it."""

    __tablename__ = "decisions"
    __table_args__ = (CheckConstraint(one_of("outcome", Outcome), name="outcome"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    loop_id: Mapped[str] = mapped_column(ForeignKey("loops.id"), index=True)
    outcome_name: Mapped[str] = mapped_column("outcome", String(20))
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    rule_version: Mapped[int]
    reopened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reopened_by: Mapped[str | None] = mapped_column(String(120))
    reopened_because: Mapped[str | None] = mapped_column(Text)

    loop: Mapped[Loop] = relationship()

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.outcome_name)

    @property
    def opening(self) -> Opening:
        return self.loop.opening
