"""Demo keys: one for each role that the demo speaks for. Minting again revokes the earlier ones."""

from datetime import timedelta

from sqlmodel import Session

from app.accounts import actions as accounts
from app.accounts.queries import live_keys_labelled
from app.clock import real_now
from app.policy import SYSTEM, Reach, Role

LABEL = "demo:"
_LIFETIME = timedelta(days=30)


def mint(session: Session, *, district: str, secretariat: str, units: list[str], appraisers: list[str]) -> dict[str, str]:
    """A token by name: `administrator`, `officer:dich-vong`, `appraiser:van-phong`, …"""
    for old in live_keys_labelled(session, LABEL, real_now()):
        accounts.revoke_key(session, SYSTEM, key_id=old.id)
    wanted: dict[str, tuple[Role, Reach, str]] = {
        "administrator": (Role.ADMINISTRATOR, Reach.EVERYWHERE, district),
        "secretary": (Role.COUNCIL_SECRETARY, Reach.EVERYWHERE, secretariat),
        "council_member": (Role.COUNCIL_MEMBER, Reach.EVERYWHERE, district),
        "viewer": (Role.VIEWER, Reach.EVERYWHERE, district),
        **{f"officer:{unit}": (Role.UNIT_OFFICER, Reach.OWN_UNIT, unit) for unit in units},
        **{f"head:{unit}": (Role.UNIT_HEAD, Reach.OWN_BRANCH, unit) for unit in units},
        **{f"appraiser:{unit}": (Role.APPRAISER, Reach.OWN_UNIT, unit) for unit in appraisers},
    }
    return {name: _issued(session, name, *of) for name, of in wanted.items()}


def _issued(session: Session, name: str, role: Role, reach: Reach, unit: str) -> str:
    expires_at = real_now() + _LIFETIME
    return accounts.issue_key(
        session, SYSTEM, label=LABEL + name, role=role, reach=reach, unit=unit, scopes=None, expires_at=expires_at, synthetic=True
    )[1]
