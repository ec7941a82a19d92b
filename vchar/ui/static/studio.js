// What belongs to the whole page: light and dark, shortcuts, and the clipboard.
(() => {
  const THEME = "vchar-theme";
  const find = (selector) => document.querySelector(selector);

  // Gradio follows the system, at the start and later; a visitor's own choice goes before it.
  function drawTheme() {
    const chosen = localStorage.getItem(THEME);
    if (chosen) document.body.classList.toggle("dark", chosen === "dark");
    find("#theme-toggle")?.setAttribute("aria-pressed", String(document.body.classList.contains("dark")));
  }

  function toggleTheme() {
    localStorage.setItem(THEME, document.body.classList.contains("dark") ? "light" : "dark");
    drawTheme();
  }

  new MutationObserver(drawTheme).observe(document.body, { attributes: true, attributeFilter: ["class"] });

  const press = (selector) => () => find(selector)?.click();
  const shortcuts = {
    r: press("#surprise"),
    z: press("#undo"),
    y: press("#redo"),
    d: press("#download"),
    "?": () => find("#help-dialog").showModal(),
  };
  for (const digit of "12345678") shortcuts[digit] = press(`#variation-list [data-key="${digit}"]`);

  // A slider or a button leaves the letters to the shortcuts; a field that takes text does not.
  function isTyping(target) {
    if (target.isContentEditable || target.matches("textarea, select")) return true;
    return target.matches("input") && !["range", "checkbox", "radio", "button", "file"].includes(target.type);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || find("dialog[open]")) return;
    const act = shortcuts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#theme-toggle")) toggleTheme();
    if (event.target.closest("#api")) find("footer .show-api").click();
    if (event.target.closest("#help")) find("#help-dialog").showModal();
    if (event.target.matches("#help-dialog")) event.target.close();
  });

  const tips = {
    undo: "Undo (Z)",
    redo: "Redo (Y)",
    revert: "Back to the kept character",
    compare: "Compare with the kept character",
    "copy-link": "A link that restores this character anywhere",
    recipe: "Download the recipe as JSON",
    download: "Download, 1024 × 1024, with the recipe inside (D)",
    surprise: "Someone new; what is locked stays (R)",
    keep: "Keep in this browser",
    "copy-seed": "Copy the seed",
  };

  document.addEventListener("pointerover", ({ target }) => {
    const button = target.closest("button[id]");
    if (button && tips[button.id]) button.title = tips[button.id];
  });

  // Gradio builds the page after this script has run.
  const arrival = new MutationObserver(() => {
    if (!find("#theme-toggle")) return;
    arrival.disconnect();
    drawTheme();
  });
  arrival.observe(document.body, { childList: true, subtree: true });

  function say(text) {
    const note = Object.assign(document.createElement("div"), { className: "note", textContent: text });
    note.setAttribute("role", "status");
    document.body.append(note);
    setTimeout(() => note.remove(), 2000);
  }

  window.vchar = {
    say,
    // What a control holds after the server said something. An answer to something else may have been on its way while
    // the hand moved this control on: of such an answer, only the parts that are `news` count.
    heard(mine, { news, ...said }) {
      return news ? { ...mine, ...Object.fromEntries(news.map((part) => [part, said[part]])) } : said;
    },
    // A link to what is on screen, at whatever address the studio is reached.
    link() {
      const url = new URL(location.pathname, location.origin);
      url.searchParams.set("c", find(".stage").dataset.code);
      return url.href;
    },
    async copy(text, done) {
      try {
        await navigator.clipboard.writeText(text);
        say(done);
      } catch {
        prompt("Your browser does not let the studio copy; copy it from here:", text);
      }
    },
  };
})();
