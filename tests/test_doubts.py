"""A figure that is out of the ordinary is asked about once, then taken and flagged."""

from decimal import Decimal
from typing import Any

import pytest

from app.indicators.schemas import IndicatorFields
from app.progress.rules import Doubt, Near, doubt
from tests.world import PLAN, World

CLAIM = {"plan": PLAN, "unit": "dich-vong", "indicator": "thu-nsnn"}


def near(earlier: str | None = None, later: str | None = None, target: str | None = None) -> Near:
    return Near(*(None if one is None else Decimal(one) for one in (earlier, later, target)))


@pytest.mark.parametrize(
    ("figure", "beside", "cumulative", "in_parts"),
    [
        ("61.35", near("48.2"), None, None),
        ("61350", near("48.2"), Doubt.DEPARTS, Doubt.DEPARTS),
        ("4820", near("48.2"), Doubt.DEPARTS, Doubt.DEPARTS),
        ("4819.9", near("48.2"), None, None),
        ("0.482", near("48.2"), Doubt.FALLS, Doubt.DEPARTS),
        ("0.483", near("48.2"), Doubt.FALLS, None),
        ("48.2", near("48.2"), None, None),
        ("48.1", near("48.2"), Doubt.FALLS, None),
        ("48.2", near("40", "48"), Doubt.FALLS, None),
        ("48", near("40", "48"), None, None),
        ("48", near(None, "48"), None, None),
        ("4800", near(None, "48"), Doubt.FALLS, Doubt.DEPARTS),
        ("0", near("48.2"), Doubt.FALLS, None),
        ("0", near("0"), None, None),
        ("7", near("0"), None, None),
        ("7", near("0", None, "0.7"), Doubt.DEPARTS, Doubt.DEPARTS),
        ("820", near(None, None, "820"), None, None),
        ("8200", near(None, None, "820"), Doubt.DEPARTS, Doubt.DEPARTS),
        ("8199", near(None, None, "820"), None, None),
        ("0.01", near(None, None, "820"), None, None),
        ("5", near(None, None, "0"), None, None),
        ("5", near(), None, None),
        ("-61350", near("-48.2"), Doubt.FALLS, Doubt.DEPARTS),
    ],
)
def test_what_is_out_of_the_ordinary(figure: str, beside: Near, cumulative: Doubt | None, in_parts: Doubt | None) -> None:
    """Triệu for tỷ, and a cumulative figure that falls; both edges belong to the doubt of a factor, none to a fall."""
    assert doubt(Decimal(figure), beside, 100, is_cumulative=True) is cumulative
    assert doubt(Decimal(figure), beside, 100, is_cumulative=False) is in_parts


def test_a_doubtful_figure_is_asked_about_once_then_taken_and_flagged(world: World) -> None:
    assert send(world, "2022-03", "4").status_code == 201
    refused = send(world, "2022-04", "4500")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/needs-confirmation")
    assert refused.json()["errors"][0]["pointer"] == "#/figure"
    assert "gấp 100 lần" in refused.json()["errors"][0]["detail"]
    assert len(world.get("dich-vong", "/submissions").json()["items"]) == 1, "nothing was taken"
    taken = send(world, "2022-04", "4500", confirmed=True)
    assert "figure_departs" in taken.json()["flags"]
    assert "figure_departs" in world.get("appraiser", f"/submissions/{taken.json()['id']}").json()["flags"]
    assert send(world, "2022-04", "4.5").json()["flags"] == ["late"], "the correction is compared with the month before, not with the slip"
    assert send(world, "2022-05", "4.4").json()["errors"][0]["detail"].startswith("Số lũy kế nhỏ hơn kỳ trước")
    assert "cumulative_falls" in send(world, "2022-05", "4.4", confirmed=True).json()["flags"]
    assert send(world, "2022-05", "5", confirmed=True).json()["flags"] == ["late"], "confirmed needlessly, it is not flagged"


def test_what_was_returned_or_corrected_is_not_compared_with(world: World) -> None:
    wrong = send(world, "2022-03", "9").json()["id"]
    assert world.post("appraiser", f"/submissions/{wrong}/return", {"reason": "Sai"}, headers={"If-Match": '"1"'}).status_code == 200
    assert send(world, "2022-04", "5").status_code == 201, "lower than what was returned"
    corrected = {"figure": "3", "reason": "Ghi trùng"}
    high = send(world, "2022-05", "6").json()["id"]
    accepted = world.post("appraiser", f"/submissions/{high}/acceptance", corrected, headers={"If-Match": '"1"'})
    assert accepted.status_code == 200
    assert send(world, "2022-04", "4").status_code == 409, "above what was accepted for May"
    assert send(world, "2022-04", "2.5").status_code == 201


def test_lines_are_compared_with_each_other_and_each_is_asked_about_alone(world: World) -> None:
    lines = [{**CLAIM, "period": f"2022-0{month}", "figure": figure} for month, figure in ((1, "1"), (2, "2000"), (3, "3"))]
    answer = world.post("dich-vong", "/submissions/lines", lines).json()
    assert [one["problem"] and one["problem"]["type"] for one in answer["lines"]] == [None, "/problems/needs-confirmation", None]
    assert answer["taken"] == 2
    told = world.post("dich-vong", "/submissions", [{**CLAIM, "period": "2022-04", "figure": "900"}])
    assert told.json()["errors"][0]["pointer"] == "#/0/figure"


def test_the_factor_is_the_indicators_own(world: World) -> None:
    as_it_was = world.get("administrator", f"/plans/{PLAN}/indicators").json()["items"][0]
    fields = {name: as_it_was[name] for name in IndicatorFields.model_fields} | {"doubt_factor": 3}
    path = f"/plans/{PLAN}/indicators/thu-nsnn"
    assert world.call("administrator", "PUT", path, json=fields, headers={"If-Match": '"1"'}).json()["doubt_factor"] == 3
    assert send(world, "2022-03", "1").status_code == 201
    assert send(world, "2022-04", "3").status_code == 409
    assert send(world, "2022-04", "2.9").status_code == 201


def send(world: World, period: str, figure: str, **fields: Any) -> Any:
    return world.post("dich-vong", "/submissions", {**CLAIM, "period": period, "figure": figure, **fields})
