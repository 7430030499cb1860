from datetime import date
from typing import Annotated, Any

from pydantic import Field

from app.wire import Code, Day, In, Out, example

EXAMPLE: dict[str, Any] = {
    "rulebook": "cau-giay-25-mau",
    "version": 1,
    "title": {"vi": "Bảng tiêu chí mẫu", "en": "Sample rulebook"},
    "source": "Ví dụ trong tài liệu",
    "synthetic": True,
    "rounding": {"decimals": 2, "mode": "half_up"},
    "missing": "zero",
    "items": [
        {
            "code": "1",
            "title": {"vi": "Thu ngân sách", "en": "Budget revenue"},
            "clause": "Điểm chuẩn 30 × tỷ lệ hoàn thành chỉ tiêu giao, không quá 100 %.",
            "standard": "30",
            "measure": {"kind": "percent_of_target", "indicator": "thu-nsnn"},
            "award": {"shape": "proportional", "ceiling": "100"},
        }
    ],
}


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
    acknowledged: Annotated[list[Code], Field(max_length=50)] = Field(default=[], description="Tên các cảnh báo đã đọc")


class WarningOut(Out):
    warning: str = Field(description="Tên cảnh báo, để xác nhận khi ban hành", examples=["uncapped-bonus"])
    path: str
    text: str


class RulebookAdoptionOut(Out):
    movement: str = Field(validation_alias="movement_code")
    cluster: str | None = Field(validation_alias="cluster_code")
    rulebook: str = Field(validation_alias="rulebook_code")
    version: int = Field(validation_alias="rulebook_version")
    effective_from: date
    acknowledged: list[str]
