"""What the commands of `thidua` share: settings from the environment, and how they end where something is wrong."""

from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app.settings import Settings, UnknownSetting

console = Console(stderr=True, highlight=False, soft_wrap=True)


def settings() -> Settings:
    try:
        return Settings.from_environment()
    except ValidationError as error:
        wrong = ", ".join(f"THIDUA_{fault['loc'][0]}".upper() for fault in error.errors())
        die(f"not a valid value: {wrong}")
    except UnknownSetting as error:
        die(str(error))


def die(why: str, code: int = 2) -> NoReturn:
    console.print(f"thidua: {why}", style="red")
    raise typer.Exit(code)
