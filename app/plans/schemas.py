from typing import Annotated

from pydantic import Field

from app.wire import Code, In, Out, Title, example


class PlanIn(In):
    model_config = example(code="kt-xh-2022", year=2022, name="Kế hoạch KT-XH và dự toán NSNN năm 2022", issuer="cau-giay")

    code: Annotated[Code, Field(examples=["kt-xh-2022"])]
    year: Annotated[int, Field(ge=1990, le=2100)]
    name: Title
    issuer: Code
    synthetic: bool = False


class PlanOut(Out):
    code: str
    year: int
    name: str
    issuer: str = Field(validation_alias="issuer_code")
    synthetic: bool = Field(validation_alias="is_synthetic")
    closed: bool = False
