"""Which warnings of a rulebook were read when it was adopted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

APPEND_ONLY = ()


def upgrade() -> None:
    op.add_column("rulebook_adoption", sa.Column("acknowledged", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("rulebook_adoption", "acknowledged")
