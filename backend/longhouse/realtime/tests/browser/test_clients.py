"""The stock WebSocket clients, in Chromium, against /cable."""

import os
import signal
import time

from playwright.sync_api import Page

from longhouse.realtime.tests.house import House, Server

CONSUMER = """
    ({channel, params}) => {
        window.got = []; window.said = [];
        window.consumer ??= actioncable.createConsumer('/cable');
        window.subscription = consumer.subscriptions.create({channel, ...params}, {
            connected: () => said.push('connected'),
            disconnected: () => said.push('disconnected'),
            rejected: () => said.push('rejected'),
            received: message => got.push(message)
        });
    }
"""
CABLE = """
    ({channel, params, since}) => {
        window.got = []; window.said = [];
        window.cable ??= anycable.createCable(location.origin.replace('http', 'ws') + '/cable', {
            protocol: 'actioncable-v1-ext-json', historyTimestamp: since,
            reconnectStrategy: () => 300
        });
        window.subscription = cable.subscribeTo(channel, params);
        subscription.on('connect', () => said.push('connected'));
        subscription.on('disconnect', () => said.push('disconnected'));
        subscription.on('close', () => said.push('closed'));
        subscription.on('info', info => said.push(info.type));
        subscription.on('message', message => got.push(message));
    }
"""


def visit(page: Page, server: Server, *, name: str = "") -> None:
    if name:
        page.goto(f"{server.url}/enter?name={name}")
    page.goto(f"{server.url}/clients")
    page.wait_for_function("window.ready")


def subscribe(page: Page, how: str, channel: str, **params: object) -> None:
    since = params.pop("since", False)
    page.evaluate(how, {"channel": channel, "params": params, "since": since})


def heard(page: Page, count: int) -> list[dict[str, object]]:
    page.wait_for_function(f"got.length >= {count}")
    messages: list[dict[str, object]] = page.evaluate("got")
    return messages


def numbers(page: Page, count: int) -> list[object]:
    return [message["data"]["n"] for message in heard(page, count)]  # type: ignore[index]


def wait_said(page: Page, word: str, times: int = 1) -> None:
    page.wait_for_function(f"said.filter(word => word === '{word}').length >= {times}")


def test_rails_actioncable(page: Page, house: House) -> None:
    server = house.serve()
    visit(page, server, name="ada")
    # Its parameters in any order: the identifier comes back to the letter.
    subscribe(page, CONSUMER, "ChatChannel", room="a", zebra=1, ant={"b": 1, "a": "é"})
    wait_said(page, "connected")
    assert heard(page, 1) == [{"welcome": "ada"}]
    page.evaluate("subscription.perform('speak', {text: 'Hello'})")
    page.evaluate("subscription.perform('secret', {})")
    page.evaluate("subscription.perform('speak', {text: 'Again'})")
    said = [{"type": "said", "data": {"text": text, "by": "ada"}} for text in ("Hello", "Again")]
    assert heard(page, 3)[1:] == said
    server.get("/emit", topic="open:a", first=5)
    assert heard(page, 4)[3] == {"type": "tick", "data": {"n": 5, "who": ""}}
    page.evaluate("subscription.unsubscribe()")
    for channel, params in (
        ("EventsChannel", {"topic": "team"}),
        ("EventsChannel", {"topic": "no topic"}),
        ("EventsChannel", {"topic": {"a": 1}}),
        ("NoSuchChannel", {}),
        ("Turbo::StreamsChannel", {"signed_stream_name": "forged"}),
    ):
        subscribe(page, CONSUMER, channel, **params)
        wait_said(page, "rejected")
    # The connection has lived on; what was left is not heard any more.
    subscribe(page, CONSUMER, "EventsChannel", topic="open:b")
    wait_said(page, "connected")
    server.get("/emit", topic="open:a", first=6)
    server.get("/emit", topic="open:b", first=7)
    assert numbers(page, 1) == [7]


def test_rails_actioncable_follows_a_signed_stream_from_its_rendering(
    page: Page, house: House
) -> None:
    server = house.serve()
    visit(page, server, name="ada")
    cursor = server.get("/cursor").text
    page.goto(f"{server.url}/sign?topic=turbo:board:a&cursor={cursor}")
    name = page.inner_text("body")
    server.get("/note", room="a", text="first")
    visit(page, server)
    subscribe(page, CONSUMER, "Turbo::StreamsChannel", signed_stream_name=name)
    assert 'id="note-first"' in str(heard(page, 1)[0])


def test_rails_actioncable_comes_back_after_a_restart_and_ends_with_the_session(
    page: Page, house: House
) -> None:
    server = house.serve(heartbeat=1)
    visit(page, server, name="ada")
    subscribe(page, CONSUMER, "EventsChannel", topic="open:a")
    wait_said(page, "connected")
    server.process.send_signal(signal.SIGHUP)  # Granian starts a new worker, then ends the old one
    wait_said(page, "disconnected")
    wait_said(page, "connected", 2)
    server.get("/emit", topic="open:a", first=1)
    assert numbers(page, 1) == [1]
    page.evaluate("fetch('/leave')")
    wait_said(page, "disconnected", 2)
    page.wait_for_function("!consumer.connection.monitor.isRunning()")  # for good


def test_anycable_resumes_where_it_was_cut_off(page: Page, house: House) -> None:
    server = house.serve()
    visit(page, server)
    subscribe(page, CABLE, "EventsChannel", topic="open:a")
    wait_said(page, "connected")
    server.get("/emit", topic="open:a", first=1, times=2)
    assert numbers(page, 2) == [1, 2]
    os.kill(server.worker(), signal.SIGKILL)
    wait_said(page, "disconnected")
    server.process.wait(30)  # no respawning here
    other = house.serve(port=server.port)
    other.get("/emit", topic="open:a", first=3, times=150)
    wait_said(page, "connected", 2)
    assert numbers(page, 152) == list(range(1, 153))
    assert "history_received" in page.evaluate("said")


def test_anycable_hears_what_happened_since_a_moment(page: Page, house: House) -> None:
    server = house.serve()
    visit(page, server)
    since = page.evaluate("Date.now() / 1000 | 0")
    server.get("/emit", topic="open:a", first=1, times=3)
    time.sleep(2)  # AnyCable itself asks for what is of this second
    subscribe(page, CABLE, "EventsChannel", topic="open:a", since=since)
    assert numbers(page, 3) == [1, 2, 3]
    # What is not kept any more is said to be gone.
    visit(page, server)
    subscribe(page, CABLE, "EventsChannel", topic="open:a", since=1)
    wait_said(page, "history_not_found")
    server.get("/emit", topic="open:a", first=4)
    assert numbers(page, 1) == [4]


def here(page: Page, *names: str) -> None:
    """Wait until `presence.info()` tells of these people alone."""
    seen = (
        "subscription.presence.info().then(all => Object.values(all).map(one => one.name).sort())"
    )
    page.wait_for_function(f"{seen}.then(all => all.join() === '{','.join(names)}')")


def test_anycable_presence(page: Page, second_page: Page, house: House) -> None:
    server = house.serve()
    for one, name in ((page, "ada"), (second_page, "bob")):
        visit(one, server, name=name)
        subscribe(one, CABLE, "EventsChannel", topic="open:a")
        wait_said(one, "connected")
    page.evaluate("void subscription.on('presence', ({type}) => said.push(type))")
    here(page)
    # Who they are the server says, whatever they say themselves.
    page.evaluate("subscription.presence.join('root', {name: 'root'})")
    here(page, "ada")
    second_page.evaluate("subscription.presence.join(2, {})")
    here(page, "ada", "bob")
    here(second_page, "ada", "bob")
    # Before who is here is asked again: what that tells, the client does not tell twice.
    second_page.evaluate("subscription.presence.leave()")
    wait_said(page, "leave")
    here(page, "ada")
    second_page.evaluate("subscription.presence.join(2, {})")
    here(page, "ada", "bob")
    second_page.close()
    here(page, "ada")
    assert "join" in page.evaluate("said")


def test_anycable_is_present_again_with_its_next_connection(
    page: Page, second_page: Page, house: House
) -> None:
    server = house.serve()
    for one, name in ((page, "ada"), (second_page, "bob")):
        visit(one, server, name=name)
        subscribe(one, CABLE, "EventsChannel", topic="open:a")
        wait_said(one, "connected")
    page.evaluate("subscription.presence.join(1, {})")
    here(second_page, "ada")
    page.evaluate("cable.disconnect()")
    here(second_page)
    page.evaluate("void cable.connect()")
    here(second_page, "ada")
    here(page, "ada")
