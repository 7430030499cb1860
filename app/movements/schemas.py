from datetime import date
from typing import Annotated

from pydantic import Field

from app.calendar.rules import Roll
from app.movements.rules import MilestoneTiming, MovementKind, MovementState, Phase
from app.wire import Code, Day, In, Out, Title, example


class MovementFields(In):
    model_config = example(
        name="Thi đua kỷ niệm 25 năm ngày thành lập quận",
        phase="own",
        window_from="2022-01-01",
        window_to="2022-09-01",
        launched_on="2021-12-21",
        goal_on="2022-09-01",
        ceremony_on="2022-08-25",
        closes_on="2022-08-05",
    )

    name: Title
    phase: Annotated[Phase, Field(strict=False)] = Phase.OWN
    window_from: Day
    window_to: Day
    launched_on: Day
    goal_on: Day
    ceremony_on: Day | None = None
    closes_on: Day


class MovementIn(MovementFields):
    model_config = example(
        code="cau-giay-25",
        plan="kt-xh-2022",
        kind="thematic",
        name="Thi đua kỷ niệm 25 năm ngày thành lập quận",
        phase="own",
        window_from="2022-01-01",
        window_to="2022-09-01",
        launched_on="2021-12-21",
        goal_on="2022-09-01",
        ceremony_on="2022-08-25",
        closes_on="2022-08-05",
        synthetic=True,
    )

    code: Annotated[Code, Field(examples=["cau-giay-25"])]
    plan: Code
    kind: Annotated[MovementKind, Field(strict=False)]
    synthetic: bool = False


class StateIn(In):
    model_config = example(state="launched")

    state: Annotated[MovementState, Field(strict=False)]


class MovementOut(Out):
    code: str
    plan: str
    kind: MovementKind
    name: str
    state: MovementState
    phase: Phase
    window_from: date
    window_to: date
    launched_on: date
    goal_on: date
    ceremony_on: date | None
    closes_on: date
    synthetic: bool
    version: int


class ClusterIn(In):
    model_config = example(code="phuong", name="Khối các phường", ordinal=1)

    code: Code
    name: Title
    ordinal: Annotated[int, Field(ge=0, le=1000)] = 0
    synthetic: bool = False


class ClusterOut(Out):
    code: str
    name: str
    ordinal: int
    synthetic: bool = Field(validation_alias="is_synthetic")


class RegistrationIn(In):
    model_config = example(unit="dich-vong", cluster="phuong", registered_on="2022-01-10")

    unit: Code
    cluster: Code
    registered_on: Day | None = None
    synthetic: bool = False


class RegistrationOut(Out):
    unit: str = Field(validation_alias="unit_code")
    cluster: str = Field(validation_alias="cluster_code")
    registered_on: date | None
    synthetic: bool = Field(validation_alias="is_synthetic")
    version: int


class MilestoneIn(In):
    model_config = example(code="so-ket", name="Sơ kết phong trào", due_on="2022-06-10", roll="none")

    code: Code
    name: Title
    due_on: Day
    roll: Annotated[Roll, Field(strict=False)] = Roll.NONE
    synthetic: bool = False


class AdoptionIn(In):
    """What of the movement's plan it takes.

    The window is of the indicators named here; an end that is not said is the movement's. What was taken stays as it is: taking
    it again with another window is refused.
    """

    model_config = example(indicators=["thu-nsnn"], tasks=["tet"])

    indicators: Annotated[list[Code], Field(max_length=500)] = []
    tasks: Annotated[list[Code], Field(max_length=5000)] = []
    window_from: Day | None = None
    window_to: Day | None = None


class AdoptionOut(Out):
    indicators: list[str]
    tasks: list[str]


class MilestoneOut(Out):
    code: str
    name: str
    due_on: date
    """After the roll."""
    original_due_on: date
    timing: MilestoneTiming
    days: int = Field(description="Số ngày còn lại; âm là đã qua")
    synthetic: bool


class TimelineOut(Out):
    """Where the movement stands today against its milestones."""

    movement: str
    name: str
    state: MovementState
    today: date
    goal_on: date
    days_to_goal: int
    ceremony_on: date | None
    milestones: list[MilestoneOut]
    next_milestone: str | None
    synthetic: bool
