"""amendments: what an author says otherwise after the reveal, beside the sealed mark."""

import sqlalchemy as sa
from alembic import op


revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scorecard_id", sa.String(length=32), nullable=False),
        sa.Column("skill_id", sa.String(length=80), nullable=False),
        sa.Column("given", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("given IN ('1', '2', '3', '4', '5', 'no evidence', 'not asked')", name=op.f("ck_amendments_given")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_amendments_scorecard_id_scorecards")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_amendments_skill_id_skills")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_scorecard_id"), ["scorecard_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_amendments_skill_id"), ["skill_id"], unique=False)


def downgrade() -> None:
    op.drop_table("amendments")
