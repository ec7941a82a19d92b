// Small pictures to click on. Names come from the visitor, so they are only ever set as text or attributes.
const grid = element.querySelector(".thumbs");

function button(className, label, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className, title: label });
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

function picture(entry, index) {
  const made = button("thumb-pick", entry.alt, () => trigger("pick", { index }));
  made.disabled = !entry.src;
  if (entry.src) made.append(Object.assign(document.createElement("img"), { src: entry.src, alt: "", draggable: false }));
  if (!props.editable) made.dataset.key = index + 1;
  return made;
}

function rename(cell, entry, index) {
  const field = Object.assign(document.createElement("input"), { className: "thumb-name", value: entry.label, maxLength: 60 });
  field.setAttribute("aria-label", `New name for ${entry.label}`);
  const finish = (save) => {
    field.onblur = null;
    draw();
    if (save && field.value.trim() && field.value !== entry.label) trigger("rename", { index, name: field.value.trim() });
  };
  field.onblur = () => finish(true);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "Escape") finish(event.key === "Enter");
  });
  cell.querySelector(".thumb-label").replaceWith(field);
  field.select();
}

function cell(entry, index) {
  const made = Object.assign(document.createElement("div"), { className: "thumb" });
  made.append(picture(entry, index));
  if (props.editable) {
    const label = button("thumb-label", `Rename ${entry.label}`, () => rename(made, entry, index));
    label.textContent = entry.label;
    const remove = button("thumb-remove glyph", `Delete ${entry.label}`, () => trigger("remove", { index }));
    remove.dataset.icon = "close";
    const mix = button("thumb-mix glyph", `Mix with ${entry.label}`, () => trigger("mix", { index }));
    mix.dataset.icon = "mix";
    made.append(label, mix, remove);
  }
  return made;
}

function draw() {
  const entries = props.value || [];
  grid.replaceChildren(...entries.map(cell));
  if (!entries.length && props.empty) {
    grid.append(Object.assign(document.createElement("p"), { className: "thumbs-empty", textContent: props.empty }));
  }
}

watch("value", draw);
draw();
