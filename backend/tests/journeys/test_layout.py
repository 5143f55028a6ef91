"""On a phone, every page keeps within the screen and its margin."""

from playwright.sync_api import Page

from tests.browser.axe import settle
from tests.browser.visitors import PHONE
from tests.journeys.museum import fill_in  # feature: museum
from tests.journeys.test_accessibility import PUBLIC, SIGNED_IN

# What spans the whole screen touches its edge; everything else stays within the margin of 16 px,
# unless a box around it cuts it off or scrolls by itself.
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth;
  const found = [];
  for (const element of document.querySelectorAll('main *')) {
    let {left, right, width: size, height} = element.getBoundingClientRect();
    if (!size || !height || element.closest('svg') !== null && element.tagName !== 'svg') continue;
    for (let box = element.parentElement; box; box = box.parentElement) {
      const {overflowX} = getComputedStyle(box);
      if (overflowX === 'visible') continue;
      if (overflowX !== 'hidden' && overflowX !== 'clip') right = 0;
      right = Math.min(right, box.getBoundingClientRect().right);
    }
    const bleeds = Math.abs(right - width) < 0.5;
    if (left < width && right > width - 15.5 && !bleeds) {
      found.push(`${Math.round(right)}: ${element.outerHTML.slice(0, 90)}`);
    }
  }
  if (document.scrollingElement.scrollWidth > width) found.push('scrolls sideways');
  return found.slice(0, 3);
}"""


def outside(page: Page) -> list[str]:
    settle(page)
    found: list[str] = page.evaluate(OUTSIDE)
    return found


def test_public_pages_keep_their_margin(browser_of):
    visitor = browser_of(**PHONE)
    visitor.expected = ["404 (Not Found)"]  # /nope is one on purpose
    visitor.expected += ["400 (Bad Request)"]  # a link that has expired  # feature: accounts
    found = {}
    for path in PUBLIC:
        path = fill_in(visitor.page, path)  # feature: museum
        visitor.page.goto(path)
        found[path] = outside(visitor.page)
    assert {path: bad for path, bad in found.items() if bad} == {}


def test_pages_of_people_who_signed_in_keep_their_margin(browser_of):
    pages = {who: browser_of(**PHONE).sign_in(who) for who in {who for who, _ in SIGNED_IN}}
    found = {}
    for who, path in SIGNED_IN:
        page = pages[who]
        path = fill_in(page, path)  # feature: museum
        page.goto(path)
        page.locator("main h1").wait_for()
        found[who, path] = outside(page)
    assert {place: bad for place, bad in found.items() if bad} == {}
