from typing import Annotated

from pydantic import Field, StringConstraints

from app.wire import In, Out, example

Address = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
        max_length=320,
    ),
]


class MailboxIn(In):
    model_config = example(address="phuong-dich-vong@example.vn")

    address: Address | None = Field(description="Hộp thư chung của đơn vị; null: không nhận thư")


class MailboxOut(Out):
    unit: str = Field(validation_alias="unit_code")
    address: str | None
    version: int
