from datetime import date
from typing import Annotated, Any

from pydantic import Field

from app.wire import Code, Day, In, Out


class RulebookOut(Out):
    code: str
    version: int
    digest: str
    synthetic: bool = Field(validation_alias="is_synthetic")


class RulebookDocumentOut(RulebookOut):
    document: dict[str, Any]


class RulebookAdoptionIn(In):
    rulebook: Code
    version: Annotated[int, Field(ge=1, le=10_000)]
    cluster: Code | None = None
    effective_from: Day


class RulebookAdoptionOut(Out):
    movement: str = Field(validation_alias="movement_code")
    cluster: str | None = Field(validation_alias="cluster_code")
    rulebook: str = Field(validation_alias="rulebook_code")
    version: int = Field(validation_alias="rulebook_version")
    effective_from: date
