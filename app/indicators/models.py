from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.calendar.rules import PeriodScheme
from app.indicators.rules import Accumulation, Aggregation, Comparator, Scale, TargetKind, TargetSource
from app.tables import Figure, Table, choice, entry_key


class Indicator(Table, table=True):
    """Chỉ tiêu của một kế hoạch: the measure. What may change stands in its versions."""

    plan_code: str = Field(primary_key=True, foreign_key="plan.code", max_length=64)
    code: str = Field(primary_key=True, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())


class IndicatorVersion(Table, table=True):
    __tablename__ = "indicator_version"

    plan_code: str = Field(primary_key=True, max_length=64)
    indicator_code: str = Field(primary_key=True, max_length=64)
    version: int = Field(primary_key=True)
    name: str = Field(max_length=300)
    unit_of_measure: str = Field(max_length=60)
    scale: Scale = Field(sa_type=choice(Scale))
    accumulation: Accumulation = Field(sa_type=choice(Accumulation))
    comparator: Comparator = Field(sa_type=choice(Comparator))
    aggregation: Aggregation = Field(sa_type=choice(Aggregation))
    owner_code: str = Field(foreign_key="unit.code", max_length=64)
    """Đơn vị chủ trì chỉ tiêu."""
    appraiser_code: str = Field(foreign_key="unit.code", max_length=64)
    """The department that appraises what is reported."""
    alternate_appraiser_code: str = Field(foreign_key="unit.code", max_length=64)
    """Who stands in where the appraiser would judge its own report."""
    period_scheme: PeriodScheme = Field(sa_type=choice(PeriodScheme))
    report_days: int
    """Days after a period's end in which its report is in time; the last one rolls forward to a working day."""
    doubt_factor: int = 100
    """A figure that departs by this factor from the one before asks for one confirmation."""
    supplier_code: str | None = Field(default=None, foreign_key="unit.code", max_length=64)
    """Đơn vị cung cấp số liệu: who enters the figures of all units; None where each unit reports its own."""
    objection_days: int = 5
    """Days after a supplied figure came in during which its unit may object."""
    evaluated_on: date | None = None
    """The day from which a result can be judged; None is the end of the period."""
    of_which_code: str | None = Field(default=None, max_length=64)
    """Trong đó: the indicator of which this is a part."""
    numerator_code: str | None = Field(default=None, max_length=64)
    """For a share of sums: the indicators of the same plan whose sums over a branch are divided."""
    denominator_code: str | None = Field(default=None, max_length=64)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"]),
        sa.ForeignKeyConstraint(["plan_code", "of_which_code"], ["indicator.plan_code", "indicator.code"]),
        sa.CheckConstraint("report_days BETWEEN 0 AND 366", name="report_days"),
        sa.CheckConstraint("doubt_factor BETWEEN 2 AND 1000000", name="doubt_factor"),
        sa.CheckConstraint("objection_days BETWEEN 0 AND 60", name="objection_days"),
        sa.CheckConstraint("supplier_code <> appraiser_code AND supplier_code <> alternate_appraiser_code", name="own_supplier"),
        sa.CheckConstraint("alternate_appraiser_code <> appraiser_code", name="own_alternate"),
    )


class Target(Table, table=True):
    """The figure assigned to a unit for an indicator. A revision is a new version. Append-only."""

    plan_code: str = Field(primary_key=True, max_length=64)
    indicator_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    kind: TargetKind = Field(primary_key=True, sa_type=choice(TargetKind))
    version: int = Field(primary_key=True)
    figure: Decimal = Field(sa_type=Figure)
    source: TargetSource = Field(sa_type=choice(TargetSource))
    last_year: Decimal | None = Field(default=None, sa_type=Figure)
    """The outturn of the year before on the same base (cùng kỳ)."""
    reported_from: date | None = None
    """Reports are expected of periods that end on this day or later; None is the whole of the plan's year."""
    reason_commitment: str | None = Field(default=None, max_length=64)
    """Why it was revised, where somebody said so."""
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"]),
        sa.Index(None, "unit_code", "plan_code"),
    )


class TargetSplit(Table, table=True):
    """Phân bổ: that a unit's target was divided among the units below it, and why the parts are not the whole. Append-only."""

    __tablename__ = "target_split"

    plan_code: str = Field(primary_key=True, max_length=64)
    indicator_code: str = Field(primary_key=True, max_length=64)
    unit_code: str = Field(primary_key=True, foreign_key="unit.code", max_length=64)
    """Whose target is divided."""
    kind: TargetKind = Field(primary_key=True, sa_type=choice(TargetKind))
    version: int = Field(primary_key=True)
    whole: Decimal = Field(sa_type=Figure)
    parts: Decimal = Field(sa_type=Figure)
    """Their sum."""
    is_whole: bool
    reason_commitment: str | None = Field(default=None, max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())

    __table_args__ = (
        sa.ForeignKeyConstraint(["plan_code", "indicator_code"], ["indicator.plan_code", "indicator.code"]),
        sa.CheckConstraint("is_whole OR reason_commitment IS NOT NULL", name="a_difference_needs_a_reason"),
    )
