from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.tables import Table, choice, entry_key
from app.units.rules import SuccessionKind, UnitKind


class Unit(Table, table=True):
    """Đơn vị. The code is the identity for ever; all that may change stands in its versions."""

    code: str = Field(primary_key=True, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("code = lower(code) AND length(code) > 0", name="canonical_code"),)


class UnitVersion(Table, table=True):
    """What a unit is from one trail entry to the next. Exists in [opens_on, closes_on). Append-only."""

    __tablename__ = "unit_version"

    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    version: int = Field(primary_key=True)
    name: str = Field(max_length=300)
    folded: str = Field(max_length=300)
    order_key: str = Field(max_length=1000)
    kind: UnitKind = Field(sa_type=choice(UnitKind))
    parent_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    opens_on: date
    closes_on: date | None = None
    official_identifier: str | None = Field(default=None, max_length=64)
    """Mã định danh điện tử."""
    administrative_code: str | None = Field(default=None, max_length=16)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.CheckConstraint("closes_on IS NULL OR closes_on > opens_on", name="closes_after_opening"),
        sa.CheckConstraint("parent_code IS NULL OR parent_code <> unit_code", name="own_parent"),
        sa.Index(None, "order_key"),
        sa.Index(None, "parent_code"),
    )


class UnitSuccession(Table, table=True):
    """Kế thừa: to whom a unit's matters went when it was merged or split. Append-only."""

    __tablename__ = "unit_succession"

    from_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    to_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64, index=True)
    kind: SuccessionKind = Field(sa_type=choice(SuccessionKind))
    on: date
    """The first day on which the one stands for the other."""
    source: str = Field(max_length=200)
    """The decision or resolution."""
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (sa.CheckConstraint("from_code <> to_code", name="another_unit"),)
