"""Documents of real servers: what was said to be stored is, and all see the same."""

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter

import pytest

from longhouse.documents.tests.editor import Editor, encoded
from longhouse.realtime.tests.clients import run
from longhouse.realtime.tests.house import BACKEND, House, Server

READ = """
import json
from longhouse.documents.selectors import text
print(json.dumps(text("pad:1")))
"""


def stored(house: House) -> str:
    """The text, as another process reads it."""
    text: str = json.loads(house.django("shell", "--verbosity", "0", "-c", READ))
    return text


def enter(*servers: Server, staff: bool = True) -> int:
    """Sign in to the first; sessions are of the database, and so of all."""
    reply = servers[0].get("/enter?name=ada&staff=" if staff else "/enter?name=bob")
    person: int = json.loads(reply.body)["id"]
    for server in servers:
        server.cookies = servers[0].cookies
    return person


@pytest.mark.parametrize("seed", range(2))
def test_random_edits_on_two_servers_converge_on_what_is_stored(house: House, seed: int) -> None:
    servers = [house.serve(compact_at=20), house.serve(compact_at=20)]
    enter(*servers)
    editors = [Editor(seed=seed * 10 + number) for number in range(4)]

    async def write(number: int, editor: Editor) -> None:
        await editor.connect(servers[number % 2])
        for turn in range(30):
            if turn == 10 + number:  # away for a while, back at the other server
                await editor.drop()
                for _ in range(10):
                    editor.edit()
                await editor.connect(servers[(number + 1) % 2])
            await editor.save(editor.edit())

    async def test() -> None:
        await asyncio.gather(*(write(number, editor) for number, editor in enumerate(editors)))
        text = await asyncio.to_thread(stored, house)
        assert len(text) > 100
        await asyncio.gather(*(editor.until_text(text) for editor in editors))

    run(test)


def test_kill_loses_nothing_that_was_acknowledged(house: House) -> None:
    server = house.serve(compact_at=5)
    enter(server)
    editors = [Editor(seed=number) for number in range(3)]

    async def write(editor: Editor, *, until: asyncio.Event) -> None:
        await editor.connect(server)
        with contextlib.suppress(ConnectionError):
            while True:
                await editor.save(editor.edit())
                if len(editor.acknowledged) == 20:
                    until.set()

    async def test() -> None:
        enough = asyncio.Event()
        writing = [asyncio.create_task(write(editor, until=enough)) for editor in editors]
        await enough.wait()
        os.kill(server.worker(), signal.SIGKILL)
        await asyncio.gather(*writing)
        await asyncio.to_thread(server.process.wait, 30)  # no respawning here
        other = house.serve(compact_at=5)
        other.cookies = server.cookies
        reader = Editor()
        await reader.connect(other)
        for update in (one for editor in editors for one in editor.acknowledged):
            before = reader.doc.get_update()
            reader.doc.apply_update(update)
            assert reader.doc.get_update() == before  # it was there
        # What was not said to be stored comes with its author.
        for editor in editors:
            await editor.connect(other)
        text = await asyncio.to_thread(stored, house)
        await asyncio.gather(*(one.until_text(text) for one in [reader, *editors]))

    run(test)


def test_compactions_race_with_writers_and_are_killed(house: House) -> None:
    def start(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "longhouse.documents.tests.work", *arguments]
        return subprocess.Popen(
            command, cwd=BACKEND, env=house.environment, stdout=subprocess.PIPE, text=True
        )

    writers = [start("write", str(number), "60") for number in range(3)]
    compactions = [start("compact", "0", "100000") for _ in range(3)]
    said = [writer.communicate(timeout=90)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    for one in compactions:
        assert one.poll() is None, "it failed"
        one.kill()
        one.communicate()
    # Two that are killed while they have something to do.
    late = start("write", "9", "60")
    for _ in range(2):
        one = start("compact", "0", "100000")
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.communicate(timeout=1.5)
        one.kill()
        one.communicate()
    said.append(late.communicate(timeout=90)[0])
    marks = Counter(re.findall("<[^>]+>", "".join(said)))
    assert len(marks) == 240
    assert Counter(re.findall("<[^>]+>", stored(house))) == marks


def test_who_may_only_read_hears_and_cannot_write(house: House) -> None:
    server, other = house.serve(heartbeat=0.5), house.serve()
    person = enter(server)
    enter(other, staff=False)

    async def test() -> None:
        writer, reader, late = Editor(seed=1), Editor(seed=2), Editor()
        assert (await writer.connect(server))["writable"]
        assert not (await reader.connect(other))["writable"]
        await writer.save(writer.edit())
        await reader.until_text(str(writer.text))
        reader.perform("update", id=7, update=encoded(reader.edit()))
        refused = (await reader.until("document.refused"))["data"]
        assert (refused["id"], refused["reason"]) == (7, "read-only")
        # Rights that are taken are gone by the next heartbeat, without a new connection.
        server.get(f"/change?id={person}&is_staff=false")
        while True:
            number = writer.send(writer.edit())
            answer = await writer.hear()
            while answer["type"] == "document.update":
                answer = await writer.hear()
            if answer["type"] == "document.refused":
                break
            await asyncio.sleep(0.2)
        assert answer["data"]["reason"] == "read-only"
        assert number not in writer.saved
        # Neither's last change is there.
        await late.connect(other)
        assert str(late.text) == stored(house)
        assert str(late.text) not in {str(writer.text), str(reader.text)}

    run(test)


def test_who_may_not_read_is_rejected_and_who_may_not_any_more_is_put_out(house: House) -> None:
    server = house.serve(heartbeat=0.5)

    async def test() -> None:
        stranger, bob = Editor(), Editor()
        with pytest.raises(AssertionError, match="reject_subscription"):
            await stranger.connect(server)
        person = enter(server, staff=False)
        await bob.connect(server)
        server.get(f"/change?id={person}&is_active=false")
        with pytest.raises(ConnectionError, match="unauthorized"):
            await bob.until("nothing")

    run(test)


def test_presence_and_awareness_last_as_long_as_the_connection(house: House) -> None:
    servers = [house.serve(), house.serve()]
    ada = enter(servers[0])
    bob = json.loads(servers[1].get("/enter", name="bob").body)["id"]

    async def test() -> None:
        first, second = Editor(), Editor()
        await first.connect(servers[0])
        await second.connect(servers[1])
        while (joined := await first.until("presence.joined"))["data"]["user"] == str(ada):
            pass
        assert joined["data"] == {"user": str(bob), "meta": {"name": "bob"}}
        here = [message for message in second.heard if message["type"] == "presence.here"]
        assert [one["user"] for one in here[0]["data"]] == [str(ada), str(bob)]
        second.perform("aware", state={"line": 2})
        aware = (await first.until("document.aware"))["data"]
        assert (aware["user"], aware["state"]) == (str(bob), {"line": 2})
        await second.drop()
        said = [await first.hear(), await first.hear()]
        assert {message["type"] for message in said} == {"document.aware", "presence.left"}
        ended = next(one["data"] for one in said if one["type"] == "document.aware")
        assert ended == {**aware, "state": None}

    run(test)


def test_a_client_that_breaks_the_rules_changes_nothing_for_the_others(house: House) -> None:
    server = house.serve(rate=0, burst=6)
    enter(server)

    async def test() -> None:
        rude, other = Editor(seed=1), Editor(seed=2)
        await rude.connect(server)
        await other.connect(server)
        good = rude.edit()
        later = rude.edit()
        for update in ("", "AAA", encoded(b"no update"), encoded(later), encoded(b"\xff" * 30)):
            rude.perform("update", id=1, update=update)
            refused = (await rude.until("document.refused"))["data"]
            assert refused["reason"] in {"malformed", "incomplete"}
        rude.send(good)
        assert (await rude.until("document.refused"))["data"]["reason"] == "too-fast"
        await other.save(other.edit())
        assert stored(house) == str(other.text)

    run(test)
