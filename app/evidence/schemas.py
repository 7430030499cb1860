from pydantic import Field

from app.wire import Instant, Out


class EvidenceFileOut(Out):
    """Alike whether or not the bytes were held before."""

    file: str = Field(description="SHA-256 của tệp được giữ; báo cáo trích dẫn tệp bằng mã này")
    sent: str = Field(description="SHA-256 của tệp đã gửi; khác `file` khi ảnh được ghi lại, bỏ vị trí và dữ liệu riêng của máy")
    size: int = Field(description="Số byte của tệp được giữ")
    media_type: str


class HeldFileOut(EvidenceFileOut):
    at: Instant = Field(description="Lúc tệp được nhận")
