from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from app.units.rules import UnitKind
from app.wire import Code, Day, In, Out, Title, example

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
