// A panel of sliders. The value { values: {name: number}, locked: [name] } is the only state; the page follows it.
const dials = [...element.querySelectorAll(".dial")].map((row) => ({
  row,
  name: row.dataset.name,
  neutral: Number(row.dataset.neutral),
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
}));

const valueOf = (dial) => props.value.values[dial.name] ?? dial.neutral;
const isLocked = (dial) => props.value.locked.includes(dial.name);

function meaning(dial, value) {
  const { low, high } = dial.range.dataset;
  const end = value < dial.neutral ? low : value > dial.neutral ? high : "";
  return end ? `${value}, ${end}` : `${value}`;
}

function drawDial(dial) {
  const value = valueOf(dial);
  const share = (number) => (100 * (number - dial.range.min)) / (dial.range.max - dial.range.min);
  const ends = [share(dial.neutral), share(value)].sort((a, b) => a - b);
  dial.range.value = value;
  dial.range.setAttribute("aria-valuetext", meaning(dial, value));
  dial.range.style.setProperty("--from", `${ends[0]}%`);
  dial.range.style.setProperty("--to", `${ends[1]}%`);
  if (document.activeElement !== dial.number) dial.number.value = value;
  dial.reset.hidden = value === dial.neutral;
  drawLock(dial.lock, isLocked(dial), dial.label);
}

function drawLock(button, locked, what) {
  if (!button) return;
  button.setAttribute("aria-pressed", String(locked));
  button.dataset.icon = locked ? "locked" : "unlocked";
}

function draw() {
  dials.forEach(drawDial);
  for (const group of groups.filter((each) => each.reset)) {
    const changed = group.dials.filter((dial) => valueOf(dial) !== dial.neutral).length;
    group.count.textContent = changed ? `${changed} changed` : "";
    group.reset.hidden = !changed;
    drawLock(group.lock, group.dials.every(isLocked), group.section.dataset.title);
  }
}

function slide(chosen, value) {
  const values = { ...props.value.values };
  for (const dial of chosen) {
    const number = Math.round(Number(value ?? dial.neutral));
    values[dial.name] = Math.min(Math.max(number, Number(dial.range.min)), Number(dial.range.max));
  }
  props.value = { ...props.value, values };
  draw();
  trigger("slide");
}

function toggleLock(chosen) {
  const names = chosen.map((dial) => dial.name);
  const others = props.value.locked.filter((name) => !names.includes(name));
  props.value = { ...props.value, locked: chosen.every(isLocked) ? others : [...others, ...names] };
  draw();
  trigger("lock");
}

for (const dial of dials) {
  dial.range.addEventListener("input", () => slide([dial], dial.range.value));
  dial.range.addEventListener("dblclick", () => slide([dial]));
  dial.number.addEventListener("change", () => slide([dial], dial.number.value || dial.neutral));
  dial.number.addEventListener("blur", () => drawDial(dial));
  dial.reset.addEventListener("click", () => {
    slide([dial]);
    dial.range.focus();
  });
  dial.lock?.addEventListener("click", () => toggleLock([dial]));
}
for (const group of groups) {
  group.reset?.addEventListener("click", () => slide(group.dials));
  group.lock?.addEventListener("click", () => toggleLock(group.dials));
}
watch("value", draw);
draw();
