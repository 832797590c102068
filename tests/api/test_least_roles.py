"""The least role of every route that changes something, or shows more than viewers may see, as docs/security.md says.

The matrix of `test_access.py` proves that a route keeps the role it names; this, that it names the right one.
"""

from __future__ import annotations

import pytest
from litestar import Litestar

from api.test_access import routes_of
from ruleyard.api.app import create_app
from ruleyard.api.guards import ANYONE
from ruleyard.settings import Settings

LEAST = {
    ANYONE: "POST /session, POST /setup, POST /hooks/{token}, POST /approvals/by-link/{token}",
    "viewer": """
        DELETE /session, PATCH /session/account, POST /notifications/read, POST /rules/check, POST /schedules/preview,
        POST /calendars/check, POST /calendars/ready, POST /calendars/read, POST /hours/preview,
        POST /approvals/{approval_id}/answer,
        POST /calls/take, POST /calls/{call_id}/take, POST /calls/{call_id}/release, POST /calls/{call_id}/outcome,
        POST /calls/{call_id}/reopen
    """,
    "editor": """
        POST /rules, PUT /rules/{rule_id}/draft, POST /rules/{rule_id}/duplicate, POST /rules/{rule_id}/restore,
        POST /rules/{rule_id}/versions/{number}/restore, POST /templates/{template_id}/use,
        POST /import, POST /import/source,
        GET /rules/{rule_id}/matching, GET /rules/{rule_id}/hook,
        POST /rules/test, POST /rules/test/send, POST /demo/changes,
        GET /backtests, POST /backtests, GET /backtests/{backtest_id}, GET /backtests/{backtest_id}/matches,
        DELETE /backtests/{backtest_id},
        GET /connections/{connection_id}/tables/{table}/records, POST /connections/{connection_id}/check,
        POST /connections/{connection_id}/tables/{table}/fields-seen,
        PUT /connections/{connection_id}/tables/{table}/columns/{column}/label,
        POST /runs/retry, POST /runs/{run_id}/retry, POST /runs/{run_id}/settle, POST /runs/{run_id}/cancel,
        POST /runs/{run_id}/items/retry,
        POST /runs/{run_id}/go-on,
        POST /runs/retries, POST /runs/retries/preview, POST /runs/retries/{retry_id}/stop, GET /people,
        GET /reports/{report_id}/file,
        POST /approvals/{approval_id}/remind, DELETE /calls/do-not-call/{phone},
        POST /calls/do-not-call, PUT /calls/do-not-call/{phone}
    """,
    "publisher": """
        POST /rules/{rule_id}/publish, POST /rules/{rule_id}/enable, POST /rules/{rule_id}/disable,
        POST /rules/{rule_id}/fire, POST /events, POST /rules/{rule_id}/hook/renew,
        PUT /rules/{rule_id}/hook/signature, DELETE /rules/{rule_id}/hook/signature,
        DELETE /rules/{rule_id}, POST /catch-ups/{catch_up_id}/stop,
        POST /rules/{rule_id}/waiting/release, POST /rules/{rule_id}/waiting/cancel,
        POST /rules/{rule_id}/held/release, POST /rules/{rule_id}/held/cancel, POST /rules/{rule_id}/held/recall,
        POST /watches, DELETE /watches/{watch_id}, POST /watches/{watch_id}/again,
        POST /connections/{connection_id}/log, POST /connections/{connection_id}/tables/{table}/read-again
    """,
    "admin": """
        POST /connections, PATCH /connections/{connection_id}, DELETE /connections/{connection_id},
        POST /connections/check, POST /connections/{connection_id}/prove,
        POST /calendars, PUT /calendars/{calendar_id}, DELETE /calendars/{calendar_id},
        GET /accounts, POST /accounts, PATCH /accounts/{account_id},
        GET /keys, POST /keys, DELETE /keys/{key_id}, GET /audit
    """,
}


@pytest.mark.parametrize("role", LEAST)
def test_exactly_these_routes_are_for_this_role(role: str) -> None:
    app: Litestar = create_app(Settings("postgresql://nowhere/x", "redis://nowhere", "00" * 32))
    found = {
        f"{method} {path.removeprefix('/api/v1')}"
        for method, path, handler in routes_of(app)
        if handler.opt["role"] == role and (method != "GET" or role not in (ANYONE, "viewer"))
    }
    assert found == {one.strip() for one in LEAST[role].split(",")}
