"""The trip with a client that was generated from the OpenAPI document. Outside CI: the generator wants an older typer than the service.

    python -m venv /tmp/generator && /tmp/generator/bin/pip install openapi-python-client==0.29.1
    /tmp/generator/bin/openapi-python-client generate --url http://127.0.0.1:8000/openapi.json --meta none --output-path client
    python tests/generated_client.py . http://127.0.0.1:8000 WARD_KEY APPRAISER_KEY

The first argument is the folder that holds `client`.
"""

import compileall
import importlib
import sys
from pathlib import Path
from typing import Any


def asked(name: str, client: Any, *place: Any, **fields: Any) -> Any:
    """What one generated operation answers; `name` is its tag and operation id."""
    answer = importlib.import_module(f"client.api.{name}").sync_detailed(*place, client=client, **fields)
    assert answer.status_code < 300, (name, answer.status_code, answer.content)
    return answer.parsed


def trip(base: str, ward_key: str, appraiser_key: str) -> None:
    """A ward reports, the appraiser accepts, the ranking answers; a receipt is read and what changed since."""
    models, signed_in = importlib.import_module("client.models"), importlib.import_module("client").AuthenticatedClient
    ward, appraiser = (signed_in(base_url=base, token=key) for key in (ward_key, appraiser_key))
    claim = {"plan": "kt-xh-2022", "unit": "dich-vong", "indicator": "thu-nsnn", "period": "2022-05", "figure": "61.35"}
    sent = asked("progress.progress_submit", ward, body=models.SubmissionIn.from_dict(claim))
    assert (sent.state, sent.figure) == (models.SubmissionState.WAITING, "61.35")
    accepted = asked("progress.progress_accept", appraiser, sent.id, body=models.AcceptIn(), if_match=f'"{sent.version}"')
    assert accepted.state == models.SubmissionState.ACCEPTED
    asked("progress.progress_receipt", ward, sent.id)
    changed = asked("trail.trail_changes", ward, since=0, limit=200)
    assert changed.position > 0
    ranking = asked("ranking.ranking_table", ward, "cau-giay-25")
    print(f"accepted {accepted.id}; position {changed.position}; clusters {len(ranking.clusters)}")  # noqa: T201


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    assert compileall.compile_dir(Path(sys.argv[1]) / "client", quiet=1)
    trip(*sys.argv[2:5])
