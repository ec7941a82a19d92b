"""Whether a page has been told all that it asked the server, and has drawn it: what a test may look at then stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

# To be run before the page's own scripts. Follows Gradio's events from the question to the last word of the answer,
# uploads, and pictures that are being decoded. `calm()`: has there been nothing of the kind for a few looks in a row
# since `stir()`? Looks and not time, for an answer leads to another question, and a busy machine may stop for long
# between the two.
WATCH = """(() => {
  const [ask, decode] = [window.fetch, HTMLImageElement.prototype.decode];
  const [open, early] = [new Set(), new Set()]; // events by id; those whose end came before their id was known
  let [busy, quiet] = [0, 0];
  setInterval(() => (quiet = busy || open.size ? 0 : quiet + 1), 40);

  async function during(work) {
    busy++;
    try { return await work; } finally { busy--; quiet = 0; }
  }

  function end(id) {
    if (!open.delete(id)) early.add(id);
    quiet = 0;
  }

  async function join(...request) {
    const response = await ask(...request);
    const { event_id: id } = response.ok ? await response.clone().json() : {};
    if (id && !early.delete(id)) open.add(id);
    return response;
  }

  // Passes a stream of news on, and hears of each end before the page does.
  function listening() {
    const [decoder, kept] = [new TextDecoder(), { text: "" }];
    return new TransformStream({
      transform(chunk, controller) {
        const lines = (kept.text + decoder.decode(chunk, { stream: true })).split("\\n");
        kept.text = lines.pop();
        const news = lines.filter((line) => line.startsWith("data:")).map((line) => JSON.parse(line.slice(5)));
        for (const { event_id: id } of news.filter(({ msg }) => msg === "process_completed")) end(id);
        controller.enqueue(chunk);
      },
    });
  }

  window.fetch = async (...request) => {
    const url = request[0].url ?? String(request[0]);
    if (url.endsWith("/cancel")) end(JSON.parse(request[1].body).event_id);
    const response = await during(url.includes("/queue/join") ? join(...request) : ask(...request));
    if (!url.includes("/queue/data") || !response.body) return response;
    return new Response(response.body.pipeThrough(listening()), response);
  };
  HTMLImageElement.prototype.decode = function () { return during(decode.call(this)); };
  window.stir = () => (quiet = 0);
  window.calm = () => quiet > 5;
})()"""


def calm(page: Page) -> None:
    """Wait until nothing is on its way between the page and the server, nor is about to be."""
    page.evaluate("window.stir?.()")  # what the hand did just now has not been asked for yet
    page.wait_for_function("window.calm?.()")
