from typing import Annotated

from pydantic import Field, StringConstraints

from app.rulebooks.language.ground import Mode
from app.schemes.rules import (
    AwardKind,
    AwardLevel,
    CertificateField,
    PastRule,
    PlanStep,
    QuotaPer,
    RecipientKind,
    TextAlign,
)
from app.wire import Code, Day, FigureText, In, Out, Source, Title, example

_Share = Annotated[FigureText, Field(ge=0, le=100)]
QuotaOf = Annotated[
    str,
    StringConstraints(pattern=r"^(registered|ranked|nominated|eligible|award:[a-z0-9]+(-[a-z0-9]+)*)$", max_length=80),
    Field(description="registered, ranked, nominated, eligible, hoặc award:<mã hình thức đứng trước>: hạn mức của hạn mức"),
]


class BasisIn(In):
    """Căn cứ pháp lý with the days on which it is in force."""

    code: Code
    text: Source
    since: Day
    until: Day | None = Field(default=None, description="Ngày cuối còn hiệu lực")


class ConditionIn(In):
    """A figure of the dossier, or its share of another in percent, against exactly one bound."""

    model_config = example(
        name="Trên 50 % cá nhân đạt Lao động tiên tiến", figure="lao-dong-tien-tien", of="ca-nhan", above="50", source="x"
    )

    name: Title
    figure: Code = Field(description="Mã số liệu trong hồ sơ")
    of: Code | None = Field(default=None, description="Mã số liệu làm mẫu số; kết quả tính theo %")
    at_least: FigureText | None = None
    above: FigureText | None = None
    at_most: FigureText | None = None
    below: FigureText | None = None
    source: Source


class PastIn(In):
    """Earlier awards that are needed, or that rule this one out."""

    rule: Annotated[PastRule, Field(strict=False)]
    awards: Annotated[list[Code], Field(min_length=1, max_length=20)]
    years: Annotated[int, Field(ge=1, le=50)] = Field(description="Trong ngần ấy năm gần đây, kể cả năm nay")
    times: Annotated[int, Field(ge=1, le=20)] = 1
    source: Source


class QuotaIn(In):
    """`share` percent of a denominator, rounded as said, or a `count`."""

    model_config = example(share="20", of="ranked", per="cluster", rounding="truncate", source="x")

    share: _Share | None = None
    of: QuotaOf | None = None
    rounding: Annotated[Mode, Field(strict=False)] | None = None
    count: Annotated[int, Field(ge=0, le=10_000)] | None = None
    per: Annotated[QuotaPer, Field(strict=False)]
    source: Source


class ChecklistIn(In):
    """One paper of a dossier."""

    code: Code
    name: Title
    required: bool = True


_Millimetres = Annotated[int, Field(ge=0, le=1000)]


class CertificateFieldIn(In):
    """One text at its place: the top left corner of a box, in millimetres from that of the sheet."""

    field: Annotated[CertificateField, Field(strict=False)]
    x: _Millimetres
    y: _Millimetres
    width: Annotated[int, Field(ge=5, le=1000)]
    size: Annotated[int, Field(ge=6, le=72)] = Field(description="Cỡ chữ, point")
    align: Annotated[TextAlign, Field(strict=False)] = TextAlign.CENTER
    bold: bool = False


class CertificateIn(In):
    """Printed stock onto which recipients are merged."""

    width: Annotated[int, Field(ge=50, le=1000)] = Field(description="mm")
    height: Annotated[int, Field(ge=50, le=1000)] = Field(description="mm")
    fields: Annotated[list[CertificateFieldIn], Field(min_length=1, max_length=20)]


class AwardIn(In):
    """Danh hiệu thi đua hoặc hình thức khen thưởng. Who has an exclusive one gets no other exclusive one of the scheme."""

    code: Code
    name: Title
    kind: Annotated[AwardKind, Field(strict=False)]
    level: Annotated[AwardLevel, Field(strict=False)]
    recipient: Annotated[RecipientKind, Field(strict=False)]
    basis: Annotated[list[Code], Field(max_length=20)] = Field(default=[], description="Mã căn cứ pháp lý của quy định này")
    clusters: Annotated[list[Code], Field(max_length=200)] = Field(default=[], description="Bỏ trống: mọi cụm, khối")
    ratings: Annotated[list[Code], Field(max_length=20)] = Field(
        default=[], description="Xếp loại được xét; của đơn vị đề nghị nếu là cá nhân"
    )
    place_at_most: Annotated[int, Field(ge=1, le=10_000)] | None = None
    points_at_least: Annotated[FigureText, Field(decimal_places=6)] | None = None
    conditions: Annotated[list[ConditionIn], Field(max_length=20)] = []
    past: Annotated[list[PastIn], Field(max_length=10)] = []
    quota: QuotaIn | None = None
    checklist: Annotated[list[ChecklistIn], Field(max_length=30)] = []
    exclusive: bool = Field(default=True, description="Một thành tích không hai hình thức")
    threshold: Code = Field(description="Mã ngưỡng biểu quyết trong quy chế Hội đồng")
    money: Annotated[FigureText, Field(ge=0, le=1000)] | None = Field(default=None, description="Số lần mức lương cơ sở")
    item: Title | None = Field(default=None, description="Hiện vật")
    certificate: CertificateIn | None = Field(default=None, description="Vị trí in trên phôi")
    source: Source


class TermIn(In):
    """At least so many days from this step to the next, counted as the text that is cited counts them."""

    step: Annotated[PlanStep, Field(strict=False)]
    days: Annotated[int, Field(ge=0, le=365)]
    working: bool
    source: Source


class BaseSalaryIn(In):
    """Where the service does not know the one in force, or another applies."""

    amount: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(description="đồng")
    source: Source


_AWARD = {
    "code": "giay-khen-tap-the",
    "name": "Giấy khen của Chủ tịch UBND quận cho tập thể",
    "kind": "commendation_form",
    "level": "district",
    "recipient": "collective",
    "basis": ["luat-tdkt-2003"],
    "quota": {"count": 1, "per": "cluster", "source": "Kế hoạch phong trào"},
    "checklist": [{"code": "bao-cao-thanh-tich", "name": "Báo cáo thành tích"}],
    "threshold": "giay-khen",
    "money": "0.6",
    "source": "Nghị định 91/2017/NĐ-CP",
}
EXAMPLE = {
    "name": "Khen thưởng phong trào thi đua 25 năm",
    "commendation_type": "Khen thưởng theo đợt (hoặc chuyên đề)",
    "basis": [{"code": "luat-tdkt-2003", "text": "Luật Thi đua, khen thưởng năm 2003", "since": "2004-07-01", "until": "2023-12-31"}],
    "awards": [_AWARD],
    "terms": [{"step": "closing", "days": 5, "working": True, "source": "Kế hoạch phong trào"}],
    "closes_on": "2022-08-08",
    "supplement_days": 3,
}


class AwardSchemeIn(In):
    """Awards in order of precedence: what comes first is filled first."""

    model_config = example(**EXAMPLE)

    name: Title
    commendation_type: Title = Field(description="Loại hình khen thưởng, tên gọi theo luật của thời điểm đó")
    basis: Annotated[list[BasisIn], Field(min_length=1, max_length=50)]
    awards: Annotated[list[AwardIn], Field(min_length=1, max_length=50)]
    terms: Annotated[list[TermIn], Field(max_length=6)] = Field(description="Thời gian tối thiểu giữa các bước, theo thứ tự các bước")
    closes_on: Day = Field(description="Ngày cuối nhận hồ sơ đề nghị khen thưởng")
    supplement_days: Annotated[int, Field(ge=1, le=30)] = Field(description="Số ngày làm việc để bổ sung hồ sơ")
    base_salary: BaseSalaryIn | None = None

    def award(self, code: str) -> AwardIn | None:
        return next((one for one in self.awards if one.code == code), None)


class AwardSchemeOut(Out):
    movement: str
    version: int
    scheme: AwardSchemeIn
