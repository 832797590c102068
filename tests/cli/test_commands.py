"""Every command of the command line, as far as it is known without a house."""

from __future__ import annotations

import pytest

from ruleyard.cli.main import _GROUPS, _parser, main

COMMANDS = [name for _, names in _GROUPS for name in names]


@pytest.mark.parametrize("name", COMMANDS)
def test_no_argument_takes_the_place_of_the_command_itself(name: str) -> None:
    commands = next(one for one in _parser(name)._actions if one.choices)
    assert isinstance(commands.choices, dict)
    parser = commands.choices[name]
    assert callable(parser.get_default("run"))
    assert "run" not in {one.dest for one in parser._actions}, "`run` is what main() calls"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert f"ruleyard {name}" in capsys.readouterr().out


def test_a_single_run_that_waits_needs_to_be_told_what_becomes_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["waiting", "A rule", "--run", "7"]) == 1
    assert "--run needs --release or --cancel" in capsys.readouterr().err
