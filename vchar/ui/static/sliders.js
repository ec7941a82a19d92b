// A panel of sliders. The value { values: {name: number}, locked: [name] } is the only state; the page follows it.
// With `hidden: true`, the panel isn't shown.
// With `rest: {name: number}`, a slider that has no value of its own stands there, and goes back there.
const dials = [...element.querySelectorAll(".dial")].map((row) => ({
  row,
  name: row.dataset.name,
  neutral: Number(row.dataset.neutral),
  twin: row.dataset.twin,
  label: row.querySelector(".dial-label").textContent,
  range: row.querySelector(".dial-range"),
  number: row.querySelector(".dial-number"),
  reset: row.querySelector(".dial-reset"),
  lock: row.querySelector(".dial-lock"),
}));
const groups = [...element.querySelectorAll(".dials")].map((section) => ({
  section,
  dials: dials.filter((dial) => section.contains(dial.row)),
  count: section.querySelector(".dials-count"),
  reset: section.querySelector(".dials-reset"),
  lock: section.querySelector(".dials-lock"),
  link: section.querySelector(".dials-link"),
}));

let mine = props.value; // what the hand left

function hold(next) {
  mine = props.value = next;
  draw();
}

const neutralOf = (dial) => props.value.rest?.[dial.name] ?? dial.neutral;
const valueOf = (dial) => props.value.values[dial.name] ?? neutralOf(dial);
const isLocked = (dial) => props.value.locked.includes(dial.name);

function meaning(dial, value) {
  const { low, high } = dial.range.dataset;
  const end = value < neutralOf(dial) ? low : value > neutralOf(dial) ? high : "";
  return end ? `${value}, ${end}` : `${value}`;
}

function drawDial(dial) {
  const value = valueOf(dial);
  const share = (number) => (100 * (number - dial.range.min)) / (dial.range.max - dial.range.min);
  const ends = [share(neutralOf(dial)), share(value)].sort((a, b) => a - b);
  dial.range.value = value;
  dial.range.setAttribute("aria-valuetext", meaning(dial, value));
  dial.range.style.setProperty("--from", `${ends[0]}%`);
  dial.range.style.setProperty("--to", `${ends[1]}%`);
  if (document.activeElement !== dial.number) dial.number.value = value;
  dial.reset.hidden = value === neutralOf(dial);
  drawLock(dial.lock, isLocked(dial), dial.label);
}

function drawLock(button, locked, what) {
  if (!button) return;
  button.setAttribute("aria-pressed", String(locked));
  button.dataset.icon = locked ? "locked" : "unlocked";
}

function draw() {
  element.hidden = Boolean(props.value.hidden);
  dials.forEach(drawDial);
  for (const group of groups.filter((each) => each.reset)) {
    const changed = group.dials.filter((dial) => valueOf(dial) !== neutralOf(dial)).length;
    group.count.textContent = changed ? `${changed} changed` : "";
    group.reset.hidden = !changed;
    drawLock(group.lock, group.dials.every(isLocked), group.section.dataset.title);
  }
}

function withTwins(chosen) {
  const linked = groups.filter((group) => group.link?.getAttribute("aria-pressed") === "true");
  const twins = chosen.flatMap((dial) => (linked.some((group) => group.dials.includes(dial)) ? [dial.twin] : []));
  return [...chosen, ...dials.filter((dial) => twins.includes(dial.name))];
}

function slide(chosen, value) {
  const values = { ...props.value.values };
  for (const dial of withTwins(chosen)) {
    const number = Math.round(Number(value ?? neutralOf(dial)));
    values[dial.name] = Math.min(Math.max(number, Number(dial.range.min)), Number(dial.range.max));
  }
  hold({ ...props.value, values });
  trigger("slide");
}

function toggleLock(chosen) {
  const names = chosen.map((dial) => dial.name);
  const others = props.value.locked.filter((name) => !names.includes(name));
  hold({ ...props.value, locked: chosen.every(isLocked) ? others : [...others, ...names] });
  trigger("lock");
}

for (const dial of dials) {
  dial.range.addEventListener("input", () => slide([dial], dial.range.value));
  dial.range.addEventListener("dblclick", () => slide([dial]));
  dial.number.addEventListener("change", () => slide([dial], dial.number.value || neutralOf(dial)));
  dial.number.addEventListener("blur", () => drawDial(dial));
  dial.reset.addEventListener("click", () => {
    slide([dial]);
    dial.range.focus();
  });
  dial.lock?.addEventListener("click", () => toggleLock([dial]));
}
for (const group of groups) {
  group.reset?.addEventListener("click", () => slide(group.dials));
  group.link?.addEventListener("click", () => {
    group.link.setAttribute("aria-pressed", String(group.link.getAttribute("aria-pressed") !== "true"));
  });
  group.lock?.addEventListener("click", () => toggleLock(group.dials));
}
watch("value", () => hold(vchar.heard(mine, props.value)));
draw();
