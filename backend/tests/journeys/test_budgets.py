"""What a public page weighs, how often it asks, whether it jumps; its times are printed."""

import pytest

from tests.browser.speed import BUDGET, MEASURE, Weights, slow_phone
from tests.browser.visitors import PHONE
from tests.journeys.museum import fill_in  # feature: museum


@pytest.mark.parametrize("path", BUDGET["bytes"])
def test_a_public_page_stays_within_its_budget(browser_of, path):
    visitor = browser_of(**PHONE)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    slow_phone(visitor)
    most = BUDGET["bytes"][path]
    path = fill_in(visitor.page, path)  # feature: museum
    counted = Weights(visitor.page)
    visitor.page.goto(path, wait_until="networkidle")
    weights = counted.by_kind()
    assert {kind: size for kind, size in weights.items() if size > most.get(kind, size)} == {}
    assert len(counted.finished) <= BUDGET["requests"]


@pytest.mark.parametrize("path", BUDGET["bytes"])
def test_a_public_page_does_not_jump_on_a_slow_phone(browser_of, path, capsys):
    visitor = browser_of(**PHONE)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    path = fill_in(visitor.page, path)  # feature: museum
    devtools = slow_phone(visitor)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": BUDGET["throttling"]["cpu_slowdown"]})
    visitor.page.goto(path, wait_until="networkidle")
    seen = visitor.page.evaluate(MEASURE)
    with capsys.disabled():
        times = ", ".join(
            f"{name.upper()} {seen[name]:.0f}/{most}{' OVER' if seen[name] > most else ''}"
            for name, most in BUDGET["milliseconds"].items()
        )
        print(f"\n  {path:<10} measured/budget, ms: {times}; shift {seen['cls']:.3f}", end="")
    assert seen["cls"] <= BUDGET["layout_shift"], "\n".join(seen["moved"])
