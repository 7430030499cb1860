from typing import Any

from pydantic import Field

from app.documents.rules import ImportStage, LineState, TableKind
from app.indicators.schemas import TargetIn
from app.wire import Code, Out


class TargetLine(TargetIn):
    indicator: Code


class CellProblemOut(Out):
    cell: str = Field(examples=["Sheet1!C7"])
    detail: str


class ImportedLineOut(Out):
    row: int
    state: LineState
    line: dict[str, Any] = Field(description="Như API sẽ nhận")
    before: dict[str, Any] | None = Field(description="Những trường đang khác")


class ImportProgressOut(Out):
    stage: ImportStage
    done: int = Field(description="Số dòng đã qua")
    of: int = Field(description="Trên số dòng; 0 khi chưa biết")


class ImportOut(Out):
    """What a workbook would change, or has changed."""

    kind: TableKind
    sheet: str = Field(description="Trang tính đã đọc")
    unread_columns: list[str] = Field(description="Cột không thuộc bảng này, không đọc")
    unread_sheets: list[str] = Field(description="Trang tính khác có dữ liệu, không đọc")
    rows: int
    new: int
    changed: int
    same: int
    applied: bool = Field(description="false: chạy thử, chưa ghi nhận gì")
    wrong: int = Field(description="Số ô sai; còn một ô sai thì chưa ghi nhận được gì")
    errors: list[CellProblemOut] = Field(description="Tối đa 200 ô sai đầu tiên")
    changes: list[ImportedLineOut] = Field(description="Tối đa 200 thay đổi đầu tiên")
