"""Counted events: what a caller may do next."""

from enum import StrEnum

from app.policy import Action, Actor
from app.progress.rules import SubmissionState


class CitedBy(StrEnum):
    """What a file stands behind."""

    REPORT = "report"
    EVENT = "event"
    SIGNATURE = "signature"
    """It is the scan of what was signed on paper for a report."""


def moves(actor: Actor, state: SubmissionState, unit: str, appraiser: str, *, is_verified: bool) -> list[tuple[str, list[str]]]:
    """The deeds this caller may do next, and what each needs in its body.

    An accepted event may still be verified, or returned when it turns out wrong; a returned or withdrawn one is over.
    """
    found: list[tuple[str, list[str]]] = []
    if actor.may(Action.PROGRESS_REVIEW, appraiser) and not actor.may(Action.PROGRESS_SUBMIT, unit):
        if state is SubmissionState.WAITING or (state is SubmissionState.ACCEPTED and not is_verified):
            found.append(("acceptance", ["verified"]))
        if state in {SubmissionState.WAITING, SubmissionState.ACCEPTED}:
            found.append(("return", ["reason"]))
    if state is SubmissionState.WAITING and actor.may(Action.PROGRESS_SUBMIT, unit):
        found.append(("withdrawal", []))
    return found
