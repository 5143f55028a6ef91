"""Sign-ups at the same moment, in a real server with many threads."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Barrier

import pytest
import requests

from tests.house import House

THREADS = 6
TRIALS = 5
SECRET = "a long walk past nine mills"
ADDRESSES = count(1)
Answer = tuple[int, str]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = {"WEB_THREADS": str(THREADS), "TRUSTED_PROXIES": "1"}
    house = House(tmp_path_factory.mktemp("sign-ups"), settings=settings)
    house.start()
    yield house
    house.stop()


def browser(house: House) -> requests.Session:
    """One of many visitors: each calls from an address of their own, and has a CSRF token."""
    session = requests.Session()
    session.headers["X-Forwarded-For"] = f"192.0.2.{next(ADDRESSES)}"
    session.headers["Origin"] = house.url
    session.get(f"{house.url}/accounts/signup/", timeout=30).raise_for_status()
    session.headers["X-CSRFToken"] = session.cookies["csrftoken"] or ""
    return session


def at_once(house: House, sign_up: Callable[[requests.Session], Answer]) -> list[Answer]:
    visitors = [browser(house) for _ in range(THREADS)]
    start = Barrier(THREADS)

    def go(visitor: requests.Session) -> Answer:
        start.wait()
        return sign_up(visitor)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(go, visitors))


def by_api(house: House, email: str, visitor: requests.Session) -> Answer:
    body = {"email": email, "password": SECRET, "display_name": "Nela"}
    door = f"{house.url}/_allauth/browser/v1/auth/signup"
    answer = visitor.post(door, json=body, timeout=60)
    flows = answer.json().get("data", {}).get("flows", [])
    waits = [flow["id"] for flow in flows if flow.get("is_pending")]
    return answer.status_code, json.dumps(waits)


def by_page(house: House, email: str, visitor: requests.Session) -> Answer:
    form = {"email": email, "password1": SECRET, "display_name": "Nela"}
    door = f"{house.url}/accounts/signup/"
    answer = visitor.post(door, data=form, allow_redirects=False, timeout=60)
    return answer.status_code, answer.headers.get("location", "")


@pytest.mark.parametrize(
    ("sign_up", "answer"),
    [(by_api, (401, '["verify_email"]')), (by_page, (302, "/accounts/confirm-email/"))],
)
def test_of_many_who_sign_up_with_one_address_one_gets_an_account(
    house: House, sign_up: Callable[..., Answer], answer: Answer
) -> None:
    for trial in range(TRIALS):
        email = f"{sign_up.__name__}-{trial}@people.example"
        answers = at_once(house, partial(sign_up, house, email))
        # 429: one mail in ten seconds for an address, whether or not it had an account before.
        statuses = {status for status, _ in answers}
        assert answer in answers
        assert statuses <= {answer[0], 429}, answers
        assert accounts(house, email) == 1


def accounts(house: House, email: str) -> int:
    code = f"print('found', User.objects.filter(email={email!r}).count())"
    said = house.manage("shell", "-v", "0", "-c", f"from apps.users.models import User; {code}")
    return int(re.findall(r"found (\d+)", said)[-1])
