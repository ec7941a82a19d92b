// What is worn. The value { worn: {slot: {kind, colour, pattern, second}}, skin } is the only state.
const outfit = element.querySelector(".outfit");
const TITLES = { top: "Top", bottom: "Bottom", shoes: "Shoes" };
const SHAPES = {
  t_shirt: "M11 6l-7 4 2.5 5 2.5-1.2V27h14V13.8l2.5 1.2L28 10l-7-4c-1 3-9 3-10 0z",
  long_sleeves: "M11 6l-5 3-3 14 3.6 1L9 16v11h14V16l2.4 8 3.6-1-3-14-5-3c-1 3-9 3-10 0z",
  sweater: "M11 6l-5 3-3 14 3.6 1L9 16v8h14v-8l2.4 8 3.6-1-3-14-5-3c-1 3-9 3-10 0zM9 24v3h14v-3M3.4 20.6l3.8 1M28.6 20.6l-3.8 1",
  tank_top: "M11 5v5c0 2-1 3-2.500 4V27h15V14C22 13 21 12 21 10V5c-1 6-9 6-10 0z",
  trousers: "M9 4h14l2 24h-6.500L16 12l-2.500 16H7z",
  jeans: "M9 4h14l2 24h-6.500L16 12l-2.500 16H7zM9 8h14M10 8c.5 3 2 4 4.500 4M22 8c-.5 3-2 4-4.500 4",
  shorts: "M8 6h16l2 14h-8.500L16 13l-1.500 7H6z",
  skirt: "M11 6h10l5 18c-6 2-14 2-20 0zM14 10l-2 15M18 10l2 15",
  sneakers: "M4 20c0-4 0-7 1-9 2 2 5 2 6 0l7 6c3 1 9 1 10 5v1H4zM4 23h24M12 14l2-2M14.500 16l2-2",
  boots: "M8 5h9v12c3 2 10 1 11 6v2H8zM8 25h20M8 9h9",
};
const icon = (path) => `<svg viewBox="0 0 32 32" aria-hidden="true"><path d="${path}"/></svg>`;

function make(tag, className, settings = {}) {
  return Object.assign(document.createElement(tag), { className, ...settings });
}

function group(title) {
  const made = make("section", "wear");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", title);
  made.append(make("h3", "wear-title", { textContent: title }));
  outfit.append(made);
  return made;
}

function button(className, label, act) {
  const made = make("button", className, { type: "button", title: label });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function change(next) {
  props.value = { ...props.value, ...next };
  draw();
  trigger("wear");
}

const wear = (slot, next) => change({ worn: { ...props.value.worn, [slot]: { ...props.value.worn[slot], ...next } } });

function colourField(label, act) {
  const made = make("input", "wear-colour", { type: "color", title: label });
  made.setAttribute("aria-label", label);
  made.addEventListener("input", () => act(made.value));
  return made;
}

const slots = props.slots.map(({ slot, kinds }) => {
  const title = TITLES[slot];
  const section = group(title);
  const row = make("div", "wear-kinds");
  const chosen = kinds.map(({ name, label }) => {
    const made = button("wear-kind", label, () => wear(slot, { kind: name }));
    made.innerHTML = icon(SHAPES[name]);
    made.append(make("span", "", { textContent: label }));
    row.append(made);
    return { made, name };
  });
  const swatches = make("div", "wear-row");
  const colour = colourField(`${title}: colour`, (value) => wear(slot, { colour: value }));
  const quick = props.colours.map((value) => {
    const made = button("swatch", `${title}: ${value}`, () => wear(slot, { colour: value }));
    made.style.setProperty("--swatch", value);
    return { made, value };
  });
  swatches.append(...quick.map(({ made }) => made), colour);
  const cloth = make("div", "wear-row");
  const patterns = props.patterns.map(({ name, label }) => {
    const made = button("wear-pattern", `${title}: ${label}`, () => wear(slot, { pattern: name }));
    made.dataset.pattern = name;
    cloth.append(made);
    return { made, name };
  });
  const second = colourField(`${title}: second colour`, (value) => wear(slot, { second: value }));
  cloth.append(second);
  section.append(row, swatches, cloth);
  return { slot, section, chosen, quick, colour, patterns, second };
});

const skin = group("Skin");
const tones = make("div", "wear-row");
const asFace = button("wear-face", "Skin as the face's", () => change({ skin: null }));
asFace.textContent = "As the face";
const tone = colourField("Skin: tone", (value) => change({ skin: value }));
const quickTones = props.tones.map((value) => {
  const made = button("swatch", `Skin: ${value}`, () => change({ skin: value }));
  made.style.setProperty("--swatch", value);
  return { made, value };
});
tones.append(asFace, ...quickTones.map(({ made }) => made), tone);
skin.append(tones);

function press(choices, value, key) {
  for (const choice of choices) choice.made.setAttribute("aria-pressed", String(choice[key] === value));
}

function draw() {
  const { worn, skin: own } = props.value;
  for (const { slot, section, chosen, quick, colour, patterns, second } of slots) {
    const what = worn[slot];
    if (!what) continue;
    section.style.setProperty("--colour", what.colour);
    section.style.setProperty("--second", what.second);
    press(chosen, what.kind, "name");
    press(quick, what.colour, "value");
    press(patterns, what.pattern, "name");
    colour.value = what.colour;
    second.value = what.second;
    second.hidden = what.pattern === "plain";
  }
  asFace.setAttribute("aria-pressed", String(own === null));
  press(quickTones, own, "value");
  if (own) tone.value = own;
}

watch("value", draw);
draw();
