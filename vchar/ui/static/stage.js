// The large picture. Small previews follow the hand; the full-size picture is asked for once the hand rests.
const REST = 350; // ms without a new preview before `refine`
const stage = element.querySelector(".stage");
const part = (name) => stage.querySelector(`.stage-${name}`);
const picture = part("picture");
const compare = part("compare");
let newest = ""; // what the newest answer showed: one that shows something older is dropped
let rest = 0;
let cancelled = false; // news of work that was cancelled may still be on its way

async function show({ src, alt, code, photo, size, preview }) {
  const what = `${code} ${photo}`;
  if (!preview && what !== newest) return;
  newest = what;
  clearTimeout(rest);
  const decoded = Object.assign(new Image(), { src });
  await decoded.decode().catch(() => {});
  if (what !== newest) return;
  Object.assign(picture, { src, alt, hidden: false });
  Object.assign(stage.dataset, { state: "ready", code, size });
  stage.toggleAttribute("data-photo", Boolean(photo));
  part("notice").hidden = true;
  if (preview) rest = setTimeout(() => trigger("refine"), REST);
  else remember(code);
}

// The address always restores what is on screen, so a reload or a bookmark loses nothing.
function remember(code) {
  const url = new URL(location.href);
  stage.dataset.first ??= code;
  if (code === stage.dataset.first && !url.searchParams.has("c")) return;
  url.searchParams.set("c", code);
  history.replaceState(history.state, "", url);
}

function notify(state, message, fraction = null) {
  stage.dataset.state = state;
  part("notice").hidden = false;
  part("message").textContent = message;
  part("retry").hidden = state !== "failed";
  part("cancel").hidden = state === "failed" || fraction === null;
  part("progress").hidden = state === "failed";
  if (fraction === null) part("progress").removeAttribute("value");
  else part("progress").value = fraction;
}

function openCompare({ src, alt }) {
  if (!compare.hidden) return closeCompare();
  Object.assign(part("before"), { src, alt: `Before. ${alt}` });
  compare.hidden = false;
  wipe(50);
  part("wipe").focus({ preventScroll: true });
}

function closeCompare() {
  compare.hidden = true;
}

function wipe(percent) {
  part("wipe").value = percent;
  compare.style.setProperty("--wipe", `${percent}%`);
}

// The picture stays, the recipe behind it is another: its body, say, which a portrait doesn't show.
function recode({ code, photo }) {
  newest = `${code} ${photo}`;
  stage.dataset.code = code;
  clearTimeout(rest);
  if (stage.dataset.size === "1024") remember(code);
  else rest = setTimeout(() => trigger("refine"), REST);
}

function wake() {
  cancelled = false;
  notify("waiting", "Waking the studio …");
  trigger("awaken");
}

const answers = {
  picture: show,
  recoded: recode,
  waiting: ({ message, fraction }) => cancelled || notify("waiting", message, fraction),
  asleep: wake,
  failed: ({ message }) => notify("failed", message),
  compare: openCompare,
};

function update() {
  const value = props.value;
  if (value) answers[value.kind](value);
}

part("wipe").addEventListener("input", (event) => wipe(event.target.value));
part("done").addEventListener("click", closeCompare);
compare.addEventListener("keydown", (event) => event.key === "Escape" && closeCompare());
part("retry").addEventListener("click", wake);
part("cancel").addEventListener("click", () => {
  cancelled = true;
  trigger("calm");
});

// A file dropped on the picture goes the same way as one dropped on "Restore".
for (const name of ["dragover", "dragleave", "drop"]) {
  stage.addEventListener(name, (event) => {
    event.preventDefault();
    stage.toggleAttribute("data-dropping", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    const input = document.querySelector("#restoring input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
watch("value", update);
update();
