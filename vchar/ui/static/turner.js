// Where the head looks. The value { view, own } is the only state, angles { yaw, pitch, roll } in degrees; view is null
// as long as the head looks where it does by itself. Buttons, a drag over the large picture and arrow keys on it change
// it, the last two only while the View tab is open.
const FULL_WIDTH = 110; // degrees that a drag across the whole picture turns
const views = [
  { name: "Half profile left", label: "½ left", yaw: -45 },
  { name: "Three-quarter left", label: "¾ left", yaw: -30 },
  { name: "Front", label: "Front", yaw: 0 },
  { name: "Three-quarter right", label: "¾ right", yaw: 30 },
  { name: "Half profile right", label: "½ right", yaw: 45 },
];
const stage = document.querySelector(".stage");
const workspace = element.closest("#workspace");
const reset = element.querySelector(".turner-reset");
const limit = (angle, name) => Math.min(Math.max(Math.round(angle), -props.limits[name]), props.limits[name]);

const looks = () => props.value.view ?? props.value.own;
let mine = props.value; // what the hand left

function hold(next) {
  mine = props.value = next;
  draw();
}

function change(view) {
  hold({ ...props.value, view });
  trigger("turn");
}

function turn(from, yaw, pitch) {
  const next = { ...from };
  if (yaw) next.yaw = limit(from.yaw + yaw, "yaw");
  if (pitch) next.pitch = limit(from.pitch + pitch, "pitch");
  if (next.yaw !== looks().yaw || next.pitch !== looks().pitch) change(next);
}

// A small head that looks there: the features slide round a ball.
function head(yaw) {
  const at = (angle) => (15 + 8 * Math.sin(((0.75 * yaw + angle) * Math.PI) / 180)).toFixed(1);
  const eyes = [-23, 23].map((angle) => `M${at(angle)} 12.6v1.4`).join("");
  const tip = 1.3 * (Math.sign(yaw) || 1);
  const nose = `M${at(0)} 15.2l${tip} 3.4h${-tip}`;
  const mouth = `M${at(-16)} 22.6Q${at(0)} 24.2 ${at(16)} 22.6`;
  return `<svg viewBox="0 0 30 32" aria-hidden="true"><path d="M15 3c-6 0-9.6 4.4-9.6 11 0 8 4.2 15 9.6 15s9.6-7 9.6-15c0-6.6-3.6-11-9.6-11z"/><path d="${eyes}${nose}${mouth}"/></svg>`;
}

const buttons = views.map(({ name, label, yaw }) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "turner-view", title: name });
  made.innerHTML = head(yaw);
  made.append(label);
  made.setAttribute("aria-label", name);
  made.addEventListener("click", () => change({ yaw, pitch: 0, roll: 0 }));
  element.querySelector(".turner-views").append(made);
  return { made, yaw };
});

function draw() {
  const { view } = props.value;
  for (const button of buttons) {
    const there = view && !view.pitch && !view.roll && view.yaw === button.yaw;
    button.made.setAttribute("aria-pressed", String(Boolean(there)));
  }
  reset.disabled = !view;
}

// The picture itself
let start = null;
const isOpen = () => workspace.dataset.tab === "View";

function prepare() {
  stage.toggleAttribute("data-turnable", isOpen());
  stage.tabIndex = isOpen() ? 0 : -1;
  if (isOpen()) stage.setAttribute("aria-label", "The head: arrow keys turn it, with Shift in big steps");
  else stage.removeAttribute("aria-label");
}

stage.addEventListener("pointerdown", (event) => {
  if (!isOpen() || event.button || event.target.closest("button, input, .stage-notice")) return;
  stage.setPointerCapture(event.pointerId);
  stage.focus({ preventScroll: true, focusVisible: false });
  start = { x: event.clientX, y: event.clientY, from: looks() };
});
stage.addEventListener("pointermove", (event) => {
  if (!start || !stage.hasPointerCapture(event.pointerId)) return;
  const scale = FULL_WIDTH / stage.clientWidth;
  turn(start.from, (event.clientX - start.x) * scale, (start.y - event.clientY) * scale);
});
for (const name of ["pointerup", "pointercancel"]) stage.addEventListener(name, () => (start = null));

stage.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
  if (!way || !isOpen() || event.target !== stage) return;
  event.preventDefault();
  const step = event.shiftKey ? 10 : 1;
  turn(looks(), way[0] * step, way[1] * step);
});

reset.addEventListener("click", () => change(null));
new MutationObserver(prepare).observe(workspace, { attributeFilter: ["data-tab"] });
watch("value", () => hold(vchar.heard(mine, props.value)));
draw();
prepare();
