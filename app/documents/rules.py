"""Tables that are exchanged with spreadsheets, and what becomes of a line."""

from enum import StrEnum


class TableKind(StrEnum):
    UNITS = "units"
    TARGETS = "targets"
    TASKS = "tasks"
    REPORTS = "reports"
    NOMINEES = "nominees"
    """Danh sách trích ngang: individuals of a movement."""


class FigureKind(StrEnum):
    """What the figure of a report is, as a sheet says it."""

    OUTTURN = "outturn"
    ESTIMATE = "estimate"


class ImportStage(StrEnum):
    READING = "reading"
    CHECKING = "checking"
    RECORDING = "recording"
    """Also when it is only tried: all is undone at the end."""


class LineState(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    """As it stands already: nothing is recorded."""
