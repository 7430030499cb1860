"""Figures that are estimates until the outturn is reported."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("submission", sa.Column("is_estimate", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.execute("ALTER TABLE submission DROP COLUMN is_estimate")
