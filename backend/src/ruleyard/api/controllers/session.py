"""Sign in, sign out, who am I, and the first administrator."""

from __future__ import annotations

from typing import Final

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie, State
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.given import OurHouse, TheCaller, Visitor
from ruleyard.api.guards import ANYONE, COOKIE
from ruleyard.api.problems import SignInNeeded, TooManyTries
from ruleyard.api.shapes.people import ChangeMe, Me, SessionInfo, Setup, SignIn
from ruleyard.core.errors import Conflict
from ruleyard.core.types import AccountId
from ruleyard.settings import Settings
from ruleyard.stores import accounts, audit, sessions
from ruleyard.stores.db import transaction

AnyRequest = Request[Caller | None, None, State]
_DAY_S: Final = 86_400


class SessionController(Controller):
    tags = ("session",)

    @get("/session", opt={"role": ANYONE}, summary="Who is signed in")
    async def read_session(self, house: OurHouse, visitor: Visitor) -> SessionInfo:
        async with transaction(house.engine) as conn:
            needed = await accounts.setup_needed(conn)
        me = (
            Me(visitor.account_id, visitor.email, visitor.name, visitor.role, visitor.language)  # type: ignore[arg-type]
            if visitor is not None and visitor.account_id is not None
            else None
        )
        return SessionInfo(
            account=me,
            csrf=visitor.csrf if visitor is not None else "",
            setup_needed=needed,
            demo=house.settings.catcher_dir is not None,
            demo_data=house.settings.demo_url != "",
        )

    @post("/session", opt={"role": ANYONE}, status_code=200, summary="Sign in")
    async def sign_in(
        self, house: OurHouse, request: AnyRequest, data: JSONBody[SignIn]
    ) -> Response[SessionInfo]:
        address = request.client.host if request.client else ""
        async with transaction(house.engine) as conn:
            tried = await sessions.reserve_try(conn, data.email, address)
            known = await accounts.password_hash_of(conn, data.email)
        if tried is None:
            raise TooManyTries(
                f"Too many tries to sign in. Wait {sessions.TRY_MINUTES} minutes, then try again.",
                retry_after_s=sessions.TRY_MINUTES * 60,
            )
        if not await house.passwords.fits(known[1] if known else None, data.password) or known is None:
            raise SignInNeeded("The e-mail address or the password is wrong.", code="wrong-credentials")
        async with transaction(house.engine) as conn:
            await sessions.forgive(conn, data.email)
            return await _signed_in(conn, house.settings, known[0], "sign in")

    @delete("/session", opt={"role": "viewer"}, summary="Sign out")
    async def sign_out(self, house: OurHouse, caller: TheCaller) -> Response[None]:
        if caller.session_hash is not None:
            async with transaction(house.engine) as conn:
                await sessions.close_session(conn, caller.session_hash)
                await audit.record(conn, caller, "sign out", f"account:{caller.account_id}")
        return Response(None, status_code=204, cookies=[_cookie(house.settings, "", 0)])

    @post("/setup", opt={"role": ANYONE}, status_code=200, summary="Make the first administrator")
    async def set_up(self, house: OurHouse, data: JSONBody[Setup]) -> Response[SessionInfo]:
        password_hash = await house.passwords.hash(data.password)
        async with transaction(house.engine) as conn:
            await accounts.use_setup_token(conn, data.token)
            if not await accounts.setup_needed(conn):
                raise Conflict("There is an administrator already. Sign in instead.", code="setup-done")
            made = await accounts.create_account(
                conn, email=data.email, name=data.name, role="admin", password_hash=password_hash
            )
            return await _signed_in(conn, house.settings, made.id, "set up")

    @patch("/session/account", opt={"role": "viewer"}, summary="Change one's own name or language")
    async def change_me(self, house: OurHouse, caller: TheCaller, data: JSONBody[ChangeMe]) -> SessionInfo:
        if caller.account_id is None:
            raise Conflict("An API key has no account of its own.", code="no-account")
        async with transaction(house.engine) as conn:
            changed = await accounts.change_account(
                conn, caller.account_id, name=data.name, language=data.language
            )
            await audit.record(conn, caller, "change account", f"account:{changed.id}")
        return _info(house.settings, changed, caller.csrf)


def _info(settings: Settings, account: accounts.Account, csrf: str) -> SessionInfo:
    me = Me(account.id, account.email, account.name, account.role, account.language)  # type: ignore[arg-type]
    return SessionInfo(
        account=me,
        csrf=csrf,
        setup_needed=False,
        demo=settings.catcher_dir is not None,
        demo_data=settings.demo_url != "",
    )


async def _signed_in(
    conn: AsyncConnection, settings: Settings, account_id: AccountId, action: audit.Act
) -> Response[SessionInfo]:
    token = await sessions.open_session(conn, account_id)
    account = await accounts.account(conn, account_id)
    session = await sessions.session_of(conn, token)
    who = Caller(role=account.role, actor=account.email, account_id=account_id)
    await audit.record(conn, who, action, f"account:{account_id}")
    info = _info(settings, account, session.csrf if session else "")
    return Response(info, status_code=200, cookies=[_cookie(settings, token, sessions.SESSION_DAYS * _DAY_S)])


def _cookie(settings: Settings, value: str, max_age: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.base_url.startswith("https://"),
    )
