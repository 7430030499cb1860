from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.units.rules import SuccessionKind, UnitKind
from app.wire import Code, Day, In, Out, Source, Title, example

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9.\-]+$", max_length=64)]
AdministrativeCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}$")]


class UnitFields(In):
    model_config = example(name="Phường Dịch Vọng", kind="ward", parent="cau-giay", opens_on="1997-09-01")

    name: Annotated[Title, Field(examples=["Phường Dịch Vọng"])]
    kind: Annotated[UnitKind, Field(strict=False)]
    parent: Code | None = None
    opens_on: Day
    closes_on: Day | None = None
    """The first day on which the unit no longer exists."""
    official_identifier: Identifier | None = None
    administrative_code: AdministrativeCode | None = None
    synthetic: bool = False


class UnitIn(UnitFields):
    model_config = example(code="dich-vong", name="Phường Dịch Vọng", kind="ward", parent="cau-giay", opens_on="1997-09-01")

    code: Code


class SuccessorIn(In):
    code: Code
    name: Title | None = None
    kind: Annotated[UnitKind, Field(strict=False)] | None = None
    parent: Code | None = None
    synthetic: bool = False


class UnitOut(Out):
    code: str = Field(validation_alias="unit_code")
    name: str
    kind: UnitKind
    parent: str | None = Field(validation_alias="parent_code")
    opens_on: date
    closes_on: date | None
    official_identifier: str | None
    administrative_code: str | None
    synthetic: bool = Field(validation_alias="is_synthetic")
    version: int


class ReorganisationIn(In):
    """Several into one, or one into several. Units of `into` without fields are there already; whoever stands in both lists goes on."""

    model_config = example(
        kind="merged",
        on="2025-07-01",
        units=["dich-vong", "nghia-do"],
        into=[{"code": "cau-giay-moi", "name": "Phường Cầu Giấy", "kind": "ward", "parent": "ha-noi"}],
        source="Nghị quyết số 1656/NQ-UBTVQH15 ngày 16/6/2025",
    )

    kind: Annotated[SuccessionKind, Field(strict=False)]
    on: Day
    """The first day of the new order: the old units are closed on it, the new ones open on it."""
    units: Annotated[list[Code], Field(min_length=1, max_length=100)]
    into: Annotated[list[SuccessorIn], Field(min_length=1, max_length=100)]
    source: Source


class SuccessionOut(Out):
    unit: str = Field(validation_alias="from_code")
    into: str = Field(validation_alias="to_code")
    kind: SuccessionKind
    on: date
    source: str
