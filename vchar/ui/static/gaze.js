// Where the eyes look. The value is { x, y } in -100..100 (to the picture's right, and up), or null: as in the picture.
const part = (name) => element.querySelector(`.gaze-${name}`);
const pad = part("pad");

function look(x, y) {
  const limit = (number) => Math.round(Math.min(Math.max(number, -100), 100));
  props.value = { x: limit(x), y: limit(y) };
  draw();
  trigger("look");
}

function leave() {
  props.value = null;
  draw();
  trigger("look");
}

function words(x, y) {
  const way = (number, low, high) => (Math.abs(number) < 8 ? "" : number < 0 ? low : high);
  const found = [way(y, "down", "up"), way(x, "to the left", "to the right")].filter(Boolean).join(" and ");
  return found ? `Looks ${found}` : "Looks straight ahead";
}

function draw() {
  const { x, y } = props.value || { x: 0, y: 0 };
  pad.style.setProperty("--x", x / 100);
  pad.style.setProperty("--y", y / 100);
  pad.toggleAttribute("data-set", Boolean(props.value));
  part("x").value = x;
  part("y").value = y;
  part("text").textContent = props.value ? words(x, y) : "As in the picture";
  part("reset").hidden = !props.value;
}

function follow(event) {
  const box = pad.getBoundingClientRect();
  const along = (place, start, length) => ((place - start) / length - 0.5) * 2 * 125; // the rim is easy to reach
  look(along(event.clientX, box.left, box.width), -along(event.clientY, box.top, box.height));
}

pad.addEventListener("pointerdown", (event) => {
  pad.setPointerCapture(event.pointerId);
  follow(event);
});
pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && follow(event));
pad.addEventListener("dblclick", leave);
part("reset").addEventListener("click", leave);
for (const axis of ["x", "y"]) part(axis).addEventListener("input", () => look(part("x").value, part("y").value));
watch("value", draw);
draw();
