// Named emotions, how strong, and where. The value { emotions: {name: 0..100}, neutralise, regions } is the only state
// that counts; "Blend" and "More" belong to this visitor's screen alone.
const part = (name) => element.querySelector(`.feelings-${name}`);
const blend = part("blend");
const SHOWN = 16; // chips before "More"

const emotions = () => props.value.emotions;

function change(next) {
  props.value = { ...props.value, ...next };
  draw();
  trigger("feel");
}

function toggle(name) {
  const { [name]: strength, ...others } = emotions();
  if (strength !== undefined) return change({ emotions: others });
  change({ emotions: { ...(blend.checked ? others : {}), [name]: 100 } });
}

// A small face that does what the emotion does, drawn from its facial actions.
function face(weights) {
  const w = (name) => weights[name] ?? ((weights[`${name}Left`] ?? 0) + (weights[`${name}Right`] ?? 0)) / 2;
  const paths = [];
  for (const [side, x, sign] of [["Right", 11, -1], ["Left", 25, 1]]) {
    const one = (name) => weights[name + side] ?? 0;
    const inner = 3.2 * w("browInnerUp") - 3.4 * one("browDown");
    const outer = 3 * one("browOuterUp") - 0.8 * one("browDown") + 0.6 * w("browInnerUp");
    paths.push(`M${x - 4 * sign} ${10.4 - inner} L${x + 4 * sign} ${10.4 - outer}`);
    const open = 2.3 * (1 - one("eyeBlink")) * (1 - 0.35 * one("eyeSquint")) + 1.1 * one("eyeWide");
    const look = 1.1 * ((weights.eyeLookOutLeft ?? 0) - (weights.eyeLookInLeft ?? 0));
    const rise = 1.1 * (w("eyeLookUp") - w("eyeLookDown"));
    if (open < 0.8) paths.push(`M${x - 3} 16 q3 ${1.6 + one("cheekSquint")} 6 0`);
    else paths.push(`M${x + look - 1.3} ${16 - rise} a1.3 ${open} 0 1 0 2.6 0 a1.3 ${open} 0 1 0 -2.6 0`);
  }
  const wide = 6.5 - 3.6 * w("mouthPucker") - 1.5 * w("mouthFunnel") + 1.2 * w("mouthStretch") + 1.4 * w("mouthSmile");
  const corner = (side) => 26 - 3.6 * (weights[`mouthSmile${side}`] ?? 0) - 1.5 * (weights[`mouthDimple${side}`] ?? 0) + 3.4 * (weights[`mouthFrown${side}`] ?? 0);
  const shift = 2.5 * ((weights.mouthLeft ?? 0) - (weights.mouthRight ?? 0));
  const [left, right] = [`${18 + shift - wide} ${corner("Right")}`, `${18 + shift + wide} ${corner("Left")}`];
  const upper = 26 + 2 * w("mouthSmile") - 2.6 * w("mouthFrown") - 2.2 * w("mouthUpperUp") - w("noseSneer");
  const lower = upper + 9 * (weights.jawOpen ?? 0) + 2.5 * w("mouthLowerDown") + 2 * w("mouthUpperUp");
  const lips = `M${left} Q${18 + shift} ${upper} ${right}`;
  paths.push(lower - upper > 1 ? `${lips} Q${18 + shift} ${2 * lower - 26 + 2} ${left}Z` : lips);
  return `<svg viewBox="3 4 30 30" aria-hidden="true"><path d="${paths.join(" ")}"/></svg>`;
}

function button(className, label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className, textContent: label });
  made.addEventListener("click", act);
  return made;
}

const chips = props.emotions.map(({ name, label, weights }, place) => {
  const chip = button("feeling", label, () => toggle(name));
  chip.insertAdjacentHTML("afterbegin", face(weights));
  chip.hidden = place >= SHOWN;
  part("grid").append(chip);
  return { name, label, chip };
});

const regions = props.regions.map((name) => {
  const chip = button("region", name || "Whole face", () => {
    const chosen = props.value.regions;
    if (!name) return change({ regions: [] });
    change({ regions: chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name] });
  });
  part("regions").append(chip);
  return { name, chip };
});

function strength({ name, label }) {
  const row = Object.assign(document.createElement("div"), { className: "dial" });
  row.innerHTML = `<div class="dial-head"><span class="dial-label"></span>
    <input class="dial-number" type="number" inputmode="numeric" step="1" min="0" max="100">
    <button type="button" class="feelings-remove glyph" data-icon="close"></button></div>
    <input class="dial-range" type="range" step="1" min="0" max="100">`;
  const [range, number] = [row.querySelector(".dial-range"), row.querySelector(".dial-number")];
  row.dataset.name = name;
  row.querySelector(".dial-label").textContent = label;
  range.setAttribute("aria-label", `${label}, strength`);
  number.setAttribute("aria-label", `${label}, typed strength`);
  row.querySelector(".feelings-remove").setAttribute("aria-label", `Take ${label} away`);
  const set = (value) => change({ emotions: { ...emotions(), [name]: Math.min(Math.max(Math.round(Number(value)), 0), 100) } });
  range.addEventListener("input", () => set(range.value));
  range.addEventListener("dblclick", () => set(100));
  number.addEventListener("change", () => set(number.value || 0));
  row.querySelector(".feelings-remove").addEventListener("click", () => toggle(name));
  return row;
}

function drawMix() {
  const active = chips.filter(({ name }) => name in emotions());
  const rows = [...part("mix").children];
  if (rows.map((row) => row.dataset.name).join() !== active.map(({ name }) => name).join()) {
    part("mix").replaceChildren(...active.map(strength));
  }
  for (const row of part("mix").children) {
    const value = emotions()[row.dataset.name];
    const [range, number] = [row.querySelector(".dial-range"), row.querySelector(".dial-number")];
    range.value = value;
    range.style.setProperty("--from", "0%");
    range.style.setProperty("--to", `${value}%`);
    if (document.activeElement !== number) number.value = value;
  }
}

function draw() {
  for (const { name, chip } of chips) chip.setAttribute("aria-pressed", String(name in emotions()));
  for (const { name, chip } of regions) {
    const chosen = props.value.regions;
    chip.setAttribute("aria-pressed", String(name ? chosen.includes(name) : !chosen.length));
  }
  part("neutralise").checked = props.value.neutralise;
  drawMix();
}

function more(shown) {
  chips.forEach(({ chip }, place) => (chip.hidden = !shown && place >= SHOWN));
  part("more").setAttribute("aria-expanded", String(shown));
  part("more").textContent = shown ? "Fewer emotions" : `${chips.length - SHOWN} more emotions`;
}

part("neutralise").addEventListener("change", (event) => change({ neutralise: event.target.checked }));
part("more").addEventListener("click", () => more(part("more").getAttribute("aria-expanded") !== "true"));
more(false);
watch("value", draw);
draw();
