"""House rules, read from the source: taste does not depend on reviewers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import models
from app.errors import Problem
from app.tables import metadata
from app.web.texts import LANGUAGES, catalogue

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
LONGEST = 250
ONE_FILE = APP / "ranking" / "verifier" / "thidua_verify.py"
"""Handed to strangers as it is: whatever its length, it is one file."""
FEATURES = [path.parent for path in APP.glob("*/actions.py")]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    yield from (node for node in tree(path).body if isinstance(node, ast.FunctionDef))


def calls(node: ast.AST) -> set[str]:
    """Every dotted name that is called below a node."""
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}


@pytest.mark.parametrize("path", sorted({*MODULES} - {ONE_FILE}), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_modules_stay_small_on_the_whole() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES if path.name != "__init__.py")
    assert lengths[len(lengths) * 9 // 10] <= 200


ACTIONS = [
    (path, node)
    for path in (
        *(feature / "actions.py" for feature in FEATURES if feature.name != "audit"),
        APP / "followup" / "asking.py",
        APP / "marks" / "granting.py",
        APP / "progress" / "reviewing.py",
        APP / "progress" / "signing.py",
        APP / "awards" / "deciding.py",
        APP / "awards" / "signing.py",
        APP / "awards" / "tabling.py",
        APP / "progress" / "objecting.py",
        APP / "indicators" / "splitting.py",
    )
    for node in functions(path)
]


@pytest.mark.parametrize(
    ("path", "node"), [(p, n) for p, n in ACTIONS if not n.name.startswith("_")], ids=lambda x: getattr(x, "name", None)
)
def test_an_action_names_its_actor_asks_the_policy_and_records(path: Path, node: ast.FunctionDef) -> None:
    assert [argument.arg for argument in node.args.args] == ["session", "actor"], "positional: session and actor, all else by name"
    reached = _reached(path, node)
    assert any(name in reached for name in ("actor.require", "actor.require_everywhere", "actor.may")), "asks the policy"
    assert "audit.record" in reached or {"set_day", "tasks.change", "tasks.amend"} & reached, "records, or calls an action that does"


def _reached(path: Path, node: ast.FunctionDef) -> set[str]:
    """What a function calls, through the private functions of its module."""
    own = {other.name: other for other in functions(path)}
    found: set[str] = set()
    waiting = [node]
    while waiting:
        for name in calls(waiting.pop()) - found:
            found.add(name)
            if name.startswith("_") and name in own:
                waiting.append(own[name])
    return found


def test_only_asking_files_select() -> None:
    asking = {
        "queries.py",
        "signing.py",
        "sources.py",
        "board.py",
        "idempotency.py",
        "results.py",
        "recorded.py",
        "taken.py",
        "citing.py",
        "past.py",
    }
    guilty = [path for path in MODULES if path.name not in asking and {"select", "sa.select"} & calls(tree(path))]
    assert [path.relative_to(ROOT) for path in guilty if path.relative_to(APP) != Path("audit/actions.py")] == []


def test_nobody_commits_but_db() -> None:
    guilty = [path for path in MODULES if path != APP / "db.py" and any(name.endswith(".commit") for name in calls(tree(path)))]
    assert guilty == []


@pytest.mark.parametrize("path", sorted(APP.glob("*/routes*.py")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_get_reads_and_the_others_write(path: Path) -> None:
    for node in functions(path):
        methods = {name.split(".")[1] for decorator in node.decorator_list for name in calls(decorator) if name.startswith("routes.")}
        wanted = {argument.arg: ast.unparse(argument.annotation) for argument in node.args.args if argument.annotation}.get("db")
        if methods and wanted:
            assert wanted == ("Reading" if methods == {"get"} else "Writing"), node.name


def problems(of: type[Problem] = Problem) -> Iterator[type[Problem]]:
    for kind in of.__subclasses__():
        yield kind
        yield from problems(kind)


def test_every_problem_has_its_own_slug_and_words_in_each_language() -> None:
    slugs = [kind.slug for kind in problems()]
    assert sorted(slugs) == sorted(set(slugs))
    for language in LANGUAGES:
        assert set(catalogue(language)["problems"]) == set(slugs), language


def test_the_catalogues_say_the_same_things_with_the_same_places() -> None:
    vi, en = (_flat(catalogue(language)) for language in LANGUAGES)
    assert vi.keys() == en.keys()
    for key, said in vi.items():
        assert set(re.findall(r"{(\w+)}", said)) == set(re.findall(r"{(\w+)}", en[key])), key


def test_every_reason_that_the_code_gives_has_its_sentence() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    given = set(re.findall(r'Invalid\(\s*(?:f?"[^"]*"|[\w.]+),\s*"([a-z0-9-]+)"', source))
    assert len(given) > 25, "the pattern still finds them"
    assert given <= set(catalogue("vi")["reasons"])
    told = dict(re.findall(r'Form\(\s*"([a-z0-9-]+)"(?:, (\([^)]*\)))?\)', source))
    assert len(told) > 25
    for slug, names in told.items():
        assert set(re.findall(r"{(\w+)}", catalogue("vi")["lines"][slug])) <= set(re.findall(r"\w+", names)), slug
    faults = set(re.findall(r'Faulty\(\s*f?(?:"[^"]*"|[\w.]+),\s*"([a-z0-9-]+)"', source))
    assert len(faults) > 20
    assert faults <= set(catalogue("vi")["faults"])
    warned = set(re.findall(r'yield \(?"([a-z0-9-]+)"', source))
    assert len(warned) > 5
    assert warned <= set(catalogue("vi")["warnings"])


def _flat(value: object, at: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        return {key: said for name, below in value.items() for key, said in _flat(below, f"{at}/{name}").items()}
    return {at: str(value)}


def test_architecture_page_names_every_package_and_only_files_that_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(app/[\w/.-]+)`", page))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    packages = {f"app/{path.name}/" for path in APP.iterdir() if (path / "__init__.py").exists()}
    assert packages <= named


def test_append_only_is_said_of_every_table_but_a_short_list() -> None:
    told = [path.read_text(encoding="utf-8").split("APPEND_ONLY = (") for path in (ROOT / "migrations" / "versions").glob("0*.py")]
    frozen = {name for _, *lists in told for said in lists for name in re.findall(r'"(\w+)",', said.split(")")[0])}
    assert frozen == set(metadata.tables) - models.MUTABLE


def test_yaml_catalogues_hold_no_key_twice() -> None:
    for language in LANGUAGES:
        text = (APP / "web" / "texts" / f"{language}.yaml").read_text(encoding="utf-8")
        for section in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
            keys = re.findall(r"^  ([\w:-]+):", section, re.MULTILINE)
            assert len(keys) == len(set(keys)), section[:40]


def enumerations() -> dict[str, set[str]]:
    """Every enumeration that crosses the wire, by its name in the vocabulary."""
    found = {}
    for path in MODULES:
        if path.name in {"rules.py", "policy.py", "schema.py", "ground.py", "facts.py"}:
            for node in ast.walk(tree(path)):
                if isinstance(node, ast.ClassDef) and "StrEnum" in {ast.unparse(base) for base in node.bases}:
                    name = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower()
                    found[name] = {ast.literal_eval(part.value) for part in node.body if isinstance(part, ast.Assign)}
    return found


def test_the_vocabulary_holds_every_enumeration() -> None:
    said = {name: set(values) for name, values in catalogue("vi")["words"].items()}
    assert {name: values for name, values in enumerations().items() if name != "outcome"} == said


def test_the_glossary_page_says_what_the_vocabulary_says() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    vi, en = (catalogue(language)["words"] for language in LANGUAGES)
    for name, values in vi.items():
        section = page.split(f"\n### {name}\n")[1].split("\n### ")[0]
        rows = re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
        assert rows == [(value, said, en[name][value]) for value, said in values.items()], name
