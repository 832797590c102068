"""`ruleyard`: finds the subcommand, runs it, and turns refusals into one clear line on stderr.

A subcommand is a module with `NAME`, `HELP`, `arguments(parser)` and `run(args) -> int`; heavy
imports stand inside `run`, so that `--help` is quick.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import Final

from ruleyard.core.errors import Invalid, RuleyardError

_GROUPS: Final = (
    ("start", ("up", "demo")),
    ("look", ("rules", "runs", "held", "waiting", "why", "diff", "psql")),
    ("change", ("retry", "settle", "watch", "unwatch", "log", "import", "export", "keys", "rotate-key")),
    ("try the rule language", ("check-logic",)),
    ("run the processes one by one", ("migrate", "setup", "serve", "listen", "work", "catch")),
)
_MODULES: Final = {
    "import": "import_rules",
    "export": "export_rule",
    "check-logic": "check_logic",
    "rotate-key": "rotate_key",
}

_EPILOG: Final = """\
Clients find the instance of this folder by themselves; another one by --url and --key,
or by RULEYARD_URL and RULEYARD_API_KEY. Settings: docs/settings.md.
"""


def main(argv: list[str] | None = None) -> int:
    """The exit code: 0 fine, 1 refused with a sentence, 2 misused, 130 interrupted."""
    words = sys.argv[1:] if argv is None else argv
    parser = _parser(words[0] if words else "")
    args = parser.parse_args(words)
    if not hasattr(args, "run"):
        parser.print_help()
        return 0
    try:
        return int(args.run(args))
    except RuleyardError as refusal:
        print(f"ruleyard: {refusal.message}", file=sys.stderr)
        for problem in refusal.problems if isinstance(refusal, Invalid) else ():
            print(f"  {problem.path or '/'}: {problem.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `ruleyard runs | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser(wanted: str) -> argparse.ArgumentParser:
    lines = ["When a row of your PostgreSQL changes, if a condition holds, then do things.", ""]
    parser = argparse.ArgumentParser(
        prog="ruleyard",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="ruleyard COMMAND …",
    )
    commands = parser.add_subparsers(metavar="COMMAND", help=argparse.SUPPRESS)
    for title, names in _GROUPS:
        lines.append(f"{title}:")
        for name in names:
            module = importlib.import_module(f"ruleyard.cli.{_MODULES.get(name, name)}")
            lines.append(f"  {name:<11} {module.HELP}")
            one = commands.add_parser(
                name, prog=f"ruleyard {name}", help=module.HELP, description=module.__doc__
            )
            one.formatter_class = argparse.RawDescriptionHelpFormatter
            if name == wanted:
                module.arguments(one)
                one.set_defaults(run=module.run)
        lines.append("")
    lines.append("`ruleyard COMMAND --help` says more.")
    parser.description = "\n".join(lines)
    return parser
