"""From a slider's event to the picture on the screen, beside the same app with a model that does nothing."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from vchar.bench.app import BARE, REAL, served
from vchar.bench.chromium import AT_REST, chromium, visit
from vchar.bench.row import Row, median_ms, p95_ms

if TYPE_CHECKING:
    from playwright.sync_api import Page

AT_MOST = 1.5  # times the bare app
ROUNDS = 6  # of one stroke in each app
STROKE = 10  # steps of a slider without letting go
SLIDER = "age"

# Steps a slider and returns the ms until the new picture has been painted (a task after the frame that shows it).
STEP = """async ([name, value]) => {
  const range = document.querySelector(`#features .dial[data-name=${name}] input[type=range]`);
  const picture = document.querySelector(".stage-picture");
  const start = performance.now();
  const replaced = new Promise((resolve, reject) => {
    new MutationObserver((_, observer) => { observer.disconnect(); resolve(); })
      .observe(picture, { attributes: true, attributeFilter: ["src"] });
    setTimeout(() => reject(new Error("no picture within 20 s")), 20000);
  });
  range.value = value;
  range.dispatchEvent(new Event("input", { bubbles: true }));
  await replaced;
  await picture.decode().catch(() => {}); // fails where the full-size picture has replaced it already
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - start;
}"""

# Resolves once nothing on the page has changed for a second, or after ten: full-size picture and variations are there.
STILL = """() => new Promise((resolve) => {
  let wait = setTimeout(resolve, 1000);
  setTimeout(resolve, 10000);
  const again = () => { clearTimeout(wait); wait = setTimeout(resolve, 1000); };
  new MutationObserver(again).observe(document.body, { subtree: true, childList: true, attributes: true });
})"""


def measure() -> list[Row]:
    """One row. The two apps run side by side and take turns, one stroke of the slider each."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        real, bare = (visit(browser, stack.enter_context(served(app)).url, AT_REST) for app in (REAL, BARE))
        seconds: dict[Page, list[float]] = {real: [], bare: []}
        for number in range(1 + ROUNDS):
            for page, found in seconds.items():
                steps = stroke(page)
                found += steps if number else []  # the first round warms up
        return [row(seconds[real], seconds[bare])]


def stroke(page: Page) -> list[float]:
    """Move the slider once along without pause; the seconds of every step. Leaves the page at rest."""
    page.bring_to_front()
    start = int(page.input_value(f"#features .dial[data-name={SLIDER}] input[type=range]"))
    step = -3 if start > 0 else 3
    seconds = [page.evaluate(STEP, [SLIDER, start + step * (i + 1)]) / 1000 for i in range(STROKE)]
    page.wait_for_selector(AT_REST)
    page.evaluate(STILL)
    return seconds


def row(real: list[float], bare: list[float]) -> Row:
    """Both in seconds per step."""
    ms, bare_ms = median_ms(real), median_ms(bare)
    return Row(
        "Slider to picture on screen, in Chromium",
        f"{ms:.0f} ms (p95 {p95_ms(real):.0f})",
        f"{bare_ms:.0f} ms (p95 {p95_ms(bare):.0f}), the same app with a model that does nothing",
        f"at most {AT_MOST} times that",
        ms <= AT_MOST * bare_ms,
        {"ms": ms, "p95_ms": p95_ms(real), "bare_ms": bare_ms, "bare_p95_ms": p95_ms(bare), "steps": len(real)},
    )
