"""What the tests let processes of their own do: `work.py write|compact NUMBER TIMES`."""

import sys
import time
from typing import Any

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - only now are the apps there
from pycrdt import Doc, Text  # noqa: E402

from longhouse.documents import services  # noqa: E402

NAME = "pad:1"
User: Any = get_user_model()


def write(number: int, times: int) -> None:
    """Append `times` marks, each said to be stored on a line of its own."""
    user = User.objects.create(username=f"writer-{number}", is_staff=True)
    doc: Doc[Any] = Doc()
    text = doc.get("text", type=Text)
    for turn in range(times):
        before = doc.get_state()
        mark = f"<{number}.{turn}>"
        text.insert(0, mark)
        services.append(name=NAME, update=doc.get_update(before), user=user)
        print(mark, flush=True)


def compact(_number: int, times: int) -> None:
    for _ in range(times):
        services.compact(name=NAME)
        time.sleep(0.005)


if __name__ == "__main__":
    {"write": write, "compact": compact}[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
