"""Rulebooks that come with the service, as data: real score sheets by the name that they bear."""

from importlib.resources import files


def names() -> list[str]:
    return sorted(entry.name.removesuffix(".yaml") for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))


def text(name: str) -> str:
    """Raise `FileNotFoundError` for a name that is none of `names()`."""
    if name not in names():
        raise FileNotFoundError(name)
    return files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
