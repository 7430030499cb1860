from datetime import date
from typing import Annotated, Any

from pydantic import Field

from app.wire import Code, Day, In, Out, example


class RulebookOut(Out):
    code: str
    version: int
    digest: str
    synthetic: bool = Field(validation_alias="is_synthetic")


class RulebookDocumentOut(RulebookOut):
    document: dict[str, Any]


class RulebookAdoptionIn(In):
    model_config = example(rulebook="cau-giay-25", version=1, cluster="phuong", effective_from="2021-12-21")

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
