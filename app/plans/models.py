from uuid import UUID

from sqlmodel import Field

from app.tables import Table, entry_key


class Plan(Table, table=True):
    """Kế hoạch of one year by one issuer; indicators, targets, tasks and submissions belong to it."""

    code: str = Field(primary_key=True, max_length=64)
    year: int
    name: str = Field(max_length=300)
    issuer_code: str = Field(foreign_key="unit.code", max_length=64)
    is_synthetic: bool = False
    entry_id: UUID = Field(sa_column=entry_key())


class PlanClosing(Table, table=True):
    """After it no submission of the plan is taken."""

    __tablename__ = "plan_closing"

    plan_code: str = Field(primary_key=True, foreign_key="plan.code", max_length=64)
    entry_id: UUID = Field(sa_column=entry_key())
