from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.nominations.rules import NominationState
from app.progress.schemas import EvidenceIn, MoveOut
from app.schemes.rules import RecipientKind
from app.wire import Code, FigureText, In, Instant, Out, Source, Text, Title, example

LIST_LIMIT = 500
Years = Annotated[int, Field(ge=1950, le=2100)]


class DossierFigureIn(In):
    code: Code
    value: FigureText


class PastAwardIn(In):
    """An earlier award of the one who is nominated."""

    award: Code
    year: Years
    document: Source = Field(description="Số, ngày, cơ quan ban hành quyết định")


class DossierPaperIn(EvidenceIn):
    """One paper of the checklist."""

    item: Code


class DossierIn(In):
    """What a dossier says. Sent anew, it takes the place of what was sent before."""

    figures: Annotated[list[DossierFigureIn], Field(max_length=30)] = []
    past_awards: Annotated[list[PastAwardIn], Field(max_length=50)] = []
    papers: Annotated[list[DossierPaperIn], Field(max_length=30)] = []
    achievements: Text | None = Field(default=None, description="Tóm tắt thành tích")

    model_config = example(
        figures=[{"code": "ca-nhan", "value": "17"}],
        past_awards=[{"award": "giay-khen-tap-the", "year": 2021, "document": "QĐ của UBND quận"}],
        papers=[
            {
                "item": "bao-cao-thanh-tich",
                "document_number": "12/BC-UBND",
                "document_date": "2022-06-10",
                "issuer": "UBND phường Dịch Vọng",
            }
        ],
        achievements="Hoàn thành các chỉ tiêu được giao.",
    )


class NominationIn(In):
    """Of a collective by its code, or of an individual by name and post."""

    unit: Code = Field(description="Đơn vị đề nghị")
    award: Code
    collective: Code | None = None
    name: Title | None = Field(default=None, description="Họ và tên cá nhân")
    post: Title | None = Field(default=None, description="Chức vụ, nơi công tác")
    dossier: DossierIn
    synthetic: bool = False

    model_config = example(
        unit="dich-vong",
        award="giay-khen-tap-the",
        collective="dich-vong",
        dossier={
            "papers": [
                {
                    "item": "bao-cao-thanh-tich",
                    "document_number": "12/BC-UBND",
                    "document_date": "2022-06-10",
                    "issuer": "UBND phường Dịch Vọng",
                }
            ]
        },
        synthetic=True,
    )


class NominationsIn(In):
    """All of them or none."""

    model_config = example(nominations=[NominationIn.model_config["json_schema_extra"]["examples"][0]])  # type: ignore[index]

    nominations: Annotated[list[NominationIn], Field(min_length=1, max_length=LIST_LIMIT)]


class DossierReturnIn(In):
    model_config = example(reason="Thiếu xác nhận của Kho bạc.")

    reason: Text


class DossierPaperOut(Out):
    item: str
    document_number: str
    document_date: date
    issuer: str
    file: str | None


class NominationLineOut(Out):
    id: UUID
    movement: str
    award: str
    award_name: str
    recipient: RecipientKind
    unit: str
    unit_name: str
    collective: str | None
    name: str | None = Field(description="Tên tập thể, hoặc họ tên cá nhân; trống nếu đã xóa dữ liệu cá nhân")
    post: str | None
    state: NominationState
    late: bool
    lacking: list[str] = Field(description="Mã giấy tờ bắt buộc hoặc số liệu còn thiếu")
    due_on: date | None = Field(description="Hạn bổ sung")
    at: Instant
    synthetic: bool
    version: int


class NominationStepOut(Out):
    version: int
    state: NominationState
    late: bool
    due_on: date | None
    reason: str | None
    at: Instant


class NominationOut(NominationLineOut):
    scheme: int = Field(description="Phiên bản quy định khen thưởng khi nộp")
    figures: list[DossierFigureIn]
    past_awards: list[PastAwardIn]
    papers: list[DossierPaperOut]
    achievements: str | None
    steps: list[NominationStepOut]
    moves: list[MoveOut]


class NominationsOut(Out):
    nominations: list[NominationLineOut]
