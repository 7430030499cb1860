"""Sheets: what a line may rest on."""

from enum import StrEnum


class SourceKind(StrEnum):
    """Báo cáo, sự việc, kết quả đánh giá khác, miễn trừ."""

    SUBMISSION = "submission"
    EVENT = "event"
    RESULT = "result"
    WAIVER = "waiver"
