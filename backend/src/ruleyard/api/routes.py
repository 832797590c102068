"""Every route of the API in one place, and what they share."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router
from litestar.datastructures import State
from litestar.di import Provide

from ruleyard.api.bodies import refuse_deep
from ruleyard.api.caller import Caller
from ruleyard.api.controllers.accounts import AccountsController
from ruleyard.api.controllers.already import AlreadyController
from ruleyard.api.controllers.approvals import ApprovalsController
from ruleyard.api.controllers.backtests import BacktestsController
from ruleyard.api.controllers.calendars import CalendarsController, HoursController
from ruleyard.api.controllers.calls import CallsController
from ruleyard.api.controllers.catalogue import CatalogueController
from ruleyard.api.controllers.connections import ConnectionsController
from ruleyard.api.controllers.demo import DemoController
from ruleyard.api.controllers.do_not_call import DoNotCallController
from ruleyard.api.controllers.events import EventsController
from ruleyard.api.controllers.fields import FieldsController
from ruleyard.api.controllers.held import HeldController
from ruleyard.api.controllers.hooks import HooksController, receive_request
from ruleyard.api.controllers.importing import ImportController
from ruleyard.api.controllers.insight import InsightController
from ruleyard.api.controllers.logs import LogsController
from ruleyard.api.controllers.reports import ReportsController
from ruleyard.api.controllers.retries import RetriesController
from ruleyard.api.controllers.rules import RulesController
from ruleyard.api.controllers.runs import RunsController
from ruleyard.api.controllers.session import SessionController
from ruleyard.api.controllers.storage import StorageController
from ruleyard.api.controllers.templates import TemplatesController
from ruleyard.api.controllers.versions import VersionsController
from ruleyard.api.controllers.waiting import WaitingController
from ruleyard.api.controllers.watches import WatchesController
from ruleyard.api.guards import admit
from ruleyard.api.health import HealthController
from ruleyard.api.house import House
from ruleyard.api.lists import Answer
from ruleyard.api.problems import SignInNeeded

AnyRequest = Request[Any, Any, State]


async def provide_house(request: AnyRequest) -> House:
    house: House = request.app.state.house
    return house


async def provide_visitor(request: AnyRequest) -> Caller | None:
    visitor: Caller | None = request.scope.get("user")
    return visitor


async def provide_caller(request: AnyRequest) -> Caller:
    visitor: Caller | None = request.scope.get("user")
    if visitor is None:
        raise SignInNeeded("Sign in, or send an API key: `Authorization: Bearer ry_…`.")
    return visitor


def api_router() -> Router:
    return Router(
        "/api/v1",
        route_handlers=[
            SessionController,
            AccountsController,
            ConnectionsController,
            WatchesController,
            LogsController,
            RulesController,
            VersionsController,
            TemplatesController,
            CatalogueController,
            RunsController,
            StorageController,
            RetriesController,
            FieldsController,
            HeldController,
            WaitingController,
            ImportController,
            EventsController,
            InsightController,
            DemoController,
            BacktestsController,
            AlreadyController,
            HooksController,
            ReportsController,
            CalendarsController,
            HoursController,
            ApprovalsController,
            CallsController,
            DoNotCallController,
        ],
        guards=[admit],
        before_request=refuse_deep,
        response_class=Answer,
        dependencies={
            "house": Provide(provide_house),
            "caller": Provide(provide_caller),
            "visitor": Provide(provide_visitor),
        },
    )


def health_router() -> Router:
    return Router(
        "/",
        route_handlers=[HealthController],
        guards=[admit],
        dependencies={"house": Provide(provide_house)},
    )


def hooks_router() -> Router:
    """Outside of `/api/v1`: its address is all that a sender needs."""
    return Router(
        "/hooks",
        route_handlers=[receive_request],
        guards=[admit],
        response_class=Answer,
        dependencies={"house": Provide(provide_house)},
    )
