"""The cases of jsonlogic.com and of the community, where they are at hand (../shared/data beside the checkout)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ruleyard.cli.check_logic import DISPUTED
from ruleyard.cli.main import main
from ruleyard.core.logic.compile import compile_logic

TOP = Path(__file__).parents[2]
DATA = TOP.parent / "shared" / "data" / "json-logic"


def official() -> Path:
    path = DATA / "official.json"
    if not path.exists():
        pytest.skip(f"{path} is not here: the official JSON Logic cases are not run")
    return path


def community() -> list[Path]:
    files = sorted((DATA / "compat").glob("*/*.json"))
    if not files:
        pytest.skip(f"{DATA / 'compat'} is not here: the community cases are not run")
    return files


def in_the_browser(*files: Path) -> tuple[int, list[str]]:
    if shutil.which("npm") is None or not (TOP / "frontend" / "node_modules").exists():
        pytest.skip("npm or frontend/node_modules is not here: the browser's evaluator is not run")
    command = ["npm", "run", "--silent", "check-logic", "--", *map(str, files)]
    done = subprocess.run(
        command, cwd=TOP / "frontend", capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout.splitlines()


def test_every_official_case_evaluates_as_jsonlogic_com_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-logic", str(official())]) == 0
    assert capsys.readouterr().out == "280 passed, 0 failed\n"


def test_every_official_case_holds_in_the_browser() -> None:
    assert in_the_browser(official()) == (0, ["280 passed, 0 failed"])


def test_every_official_case_has_the_same_value_when_it_is_traced() -> None:
    for case in json.loads(official().read_text()):
        if isinstance(case, list):
            compiled = compile_logic(case[0])
            assert compiled.trace(case[1])[0] == compiled.evaluate(case[1])


def test_only_the_disputed_cases_of_the_community_fail(capsys: pytest.CaptureFixture[str]) -> None:
    disputed = len(json.loads(DISPUTED.read_text())["cases"])
    assert main(["check-logic", *map(str, community())]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("disputed ") for line in lines) == disputed
    assert lines[-1].endswith(f" passed, {disputed} failed")


def test_the_browser_fails_the_same_cases_of_the_community(capsys: pytest.CaptureFixture[str]) -> None:
    files = community()
    main(["check-logic", *map(str, files)])
    lines = capsys.readouterr().out.splitlines()
    code, theirs = in_the_browser(*files)
    assert (code, theirs[-1]) == (0, lines[-1])


def test_a_failing_case_that_nobody_disputes_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.json"
    cases: list[Any] = [
        "# a heading",
        [{"+": [1, 1]}, None, 3],
        {"rule": {"+": ["a"]}, "data": {}, "error": {"type": "NaN"}},
        [True, {}, 1],
    ]
    path.write_text(json.dumps(cases))
    assert main(["check-logic", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "1 passed, 2 failed"
    code, lines = in_the_browser(path)
    assert (code, lines[-1]) == (1, "1 passed, 2 failed")


def test_what_cannot_be_read_is_told_and_the_rest_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contents = {
        "object": b'{"cases": 1}',
        "broken": b"[1,",
        "empty": b"",
        "bytes": b"\xff",
        "nan": b"[[NaN, null, null]]",
        "odd": b'[7, {"rule": 1}, [1, null, 1]]',
        "nothing": b"[]",
    }
    paths = [tmp_path / f"{name}.json" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    paths.append(tmp_path / "absent.json")
    assert main(["check-logic", *map(str, paths)]) == 1
    code, theirs = in_the_browser(*paths)
    assert code == 1
    for lines in (capsys.readouterr().out.splitlines(), theirs):
        assert lines[-1] == "1 passed, 8 failed"
        told = [line.split(":")[0] for line in lines[:-1]]
        assert told == [
            f"FAILED {name}.json"
            for name in ["object", "broken", "empty", "bytes", "nan", "odd", "odd", "absent"]
        ]
