"""card revisions: every save of a scorecard, kept."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_revisions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("scorecard_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_card_revisions_scorecard_id_scorecards")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_revisions")),
        sa.UniqueConstraint("scorecard_id", "number", name=op.f("uq_card_revisions_scorecard_id_number")),
    )
    with op.batch_alter_table("card_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_revisions_scorecard_id"), ["scorecard_id"], unique=False)


def downgrade() -> None:
    op.drop_table("card_revisions")
