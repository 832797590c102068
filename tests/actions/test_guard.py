"""The door for outgoing HTTP: which addresses it opens to, and how it caps what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from ruleyard.actions.guard import Blocked, Outbound, is_public, read_url
from ruleyard.core.errors import Unavailable
from support.servers import Answer, http_receiver

PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
LOCAL_FORMS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[0:0:0:0:0:0:0:1]",
    "localhost",
    "LOCALHOST",
    "10.1.2.3",
    "169.254.169.254",
    "[fd00:ec2::254]",
]


@asynccontextmanager
async def outbound(**options: object) -> AsyncIterator[Outbound]:
    client = Outbound(**options)  # type: ignore[arg-type]
    try:
        yield client
    finally:
        await client.close()


async def get(client: Outbound, url: str) -> int:
    return (await client.send("GET", url, headers={}, body=b"")).status


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_known(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", LOCAL_FORMS)
async def test_no_spelling_of_a_private_address_gets_through(host: str) -> None:
    async with http_receiver() as receiver, outbound() as client:
        with pytest.raises((Blocked, Unavailable)) as refused:
            await get(client, f"http://{host}:{receiver.port}/")
        assert receiver.received == []
    if isinstance(refused.value, Unavailable):
        assert "cannot be found" in refused.value.message


async def test_the_refusal_of_a_name_says_where_it_leads_and_of_an_address_what_it_is() -> None:
    async def inside(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.9"]

    async with outbound(resolve_host=inside) as client:
        with pytest.raises(Blocked, match=r"^10\.0\.0\.9 is not a public address\."):
            await get(client, "http://10.0.0.9/")
        with pytest.raises(
            Blocked, match=r"^db\.example leads to 10\.0\.0\.9, which is not a public address\."
        ):
            await get(client, "http://db.example/")


@pytest.mark.parametrize("fullwidth", ["１２７.0.0.1", "①②⑦.0.0.1"])
async def test_digits_of_other_scripts_do_not_get_through(fullwidth: str) -> None:
    async with http_receiver() as receiver, outbound() as client:
        with pytest.raises((Blocked, Unavailable)):
            await get(client, f"http://{fullwidth}:{receiver.port}/")
        assert receiver.received == []


async def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    async def mixed(host: str, port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    async with outbound(resolve_host=mixed) as client:
        with pytest.raises(Blocked, match=r"127\.0\.0\.1"):
            await get(client, "http://rebind.example/")


async def test_the_checked_address_is_the_one_connected_to() -> None:
    asked: list[str] = []

    async with http_receiver() as receiver:

        async def resolve(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return ["127.0.0.1"]

        allow = (f"hooks.example:{receiver.port}",)
        async with outbound(allow=allow, resolve_host=resolve) as client:
            assert await get(client, f"http://hooks.example:{receiver.port}/in?x=1") == 200
        [request] = receiver.received
    assert asked == ["hooks.example"]
    assert request.path == "/in?x=1"
    assert request.headers["host"] == f"hooks.example:{receiver.port}"


async def test_an_allowed_host_is_allowed_on_its_port_only() -> None:
    async with (
        http_receiver() as receiver,
        http_receiver() as other,
        outbound(allow=(receiver.address,)) as client,
    ):
        assert await get(client, receiver.url) == 200
        with pytest.raises(Blocked):
            await get(client, other.url)


async def test_redirects_are_answers_and_not_followed() -> None:
    async with http_receiver() as target:
        async with (
            http_receiver(Answer(302, headers={"location": target.url})) as receiver,
            outbound(allow=(receiver.address, target.address)) as client,
        ):
            assert await get(client, receiver.url) == 302
        assert target.received == []


async def test_an_answer_that_never_comes_ends_in_time() -> None:
    async with (
        http_receiver(Answer(wait=asyncio.Event())) as receiver,
        outbound(allow=(receiver.address,), timeout_s=0.2) as client,
    ):
        with pytest.raises(Unavailable, match="did not answer within"):
            await get(client, receiver.url)


async def test_a_huge_answer_is_cut() -> None:
    async with (
        http_receiver(Answer(200, b"x" * 300_000)) as receiver,
        outbound(allow=(receiver.address,), answer_bytes=10_000) as client,
    ):
        answer = await client.send("GET", receiver.url, headers={}, body=b"")
    assert len(answer.body) == 10_000


async def test_a_line_that_is_hung_up_is_unavailable() -> None:
    async with (
        http_receiver(Answer(close=True)) as receiver,
        outbound(allow=(receiver.address,)) as client,
    ):
        with pytest.raises(Unavailable):
            await get(client, receiver.url)


async def test_an_answer_in_very_many_pieces_lets_others_have_their_turn() -> None:
    pieces = 5_000

    async def crumbs(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        writer.write(b"1\r\nx\r\n" * pieces + b"0\r\n\r\n")
        await writer.drain()
        writer.close()

    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    async with await asyncio.start_server(crumbs, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with outbound(allow=(f"127.0.0.1:{port}",)) as client:
            beside = asyncio.create_task(others())
            answer = await client.send("GET", f"http://127.0.0.1:{port}/", headers={}, body=b"")
            beside.cancel()
    assert answer.body == b"x" * pieces
    assert turns > pieces / 2


async def test_an_answer_is_asked_for_as_it_is_and_not_compressed() -> None:
    async with http_receiver() as receiver, outbound(allow=(receiver.address,)) as client:
        await client.send("GET", receiver.url, headers={}, body=b"")
        await client.send("GET", receiver.url, headers={"Accept-Encoding": "br"}, body=b"")
    assert [one.headers["accept-encoding"] for one in receiver.received] == ["identity", "br"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http://",
        "//example.com",
        "http://a:b@example.com/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "x",
    ],
)
def test_only_plain_web_addresses_are_read(url: str) -> None:
    with pytest.raises(Blocked):
        read_url(url)
