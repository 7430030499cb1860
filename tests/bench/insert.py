"""The baseline of writes: a route of a bare FastAPI application that inserts one row and commits, by the same profile and session."""

import sys
import uuid
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from sqlmodel import Field, Session, SQLModel

from app.clock import Admission, Running
from app.db import Database
from app.tables import UtcDateTime


class Bare(SQLModel, table=True):
    id: uuid.UUID = Field(primary_key=True)
    unit: str
    figure: str
    at: datetime = Field(sa_type=UtcDateTime)


class BareIn(BaseModel):
    unit: str
    figure: str


app = FastAPI()


@app.post("/", status_code=201)
def insert(sent: BareIn) -> dict[str, str]:
    row = Bare(id=uuid.uuid4(), unit=sent.unit, figure=sent.figure, at=datetime.now(UTC))

    def work(session: Session) -> None:
        session.add(row)

    database.write(Admission(clock.now(), clock), work)
    return {"unit": sent.unit}


if __name__ == "__main__":
    clock, database = Running(), Database(sys.argv[2], seal=lambda session: session.flush(), pool=8)
    SQLModel.metadata.create_all(database.engine, tables=[Bare.__table__])  # type: ignore[attr-defined]
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=False, log_level="warning", server_header=False)
