// A small view of an opened photo with a button round every face: { src, boxes: [[left, top, width, height] in %], chosen }.
const view = element.querySelector(".faces");

function button([left, top, width, height], index) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "faces-pick" });
  made.textContent = props.value.boxes.length > 1 ? index + 1 : "";
  made.setAttribute("aria-label", `Face ${index + 1}`);
  made.setAttribute("aria-pressed", String(index === props.value.chosen));
  Object.assign(made.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
  made.addEventListener("click", () => trigger("pick", { index }));
  return made;
}

function draw() {
  view.hidden = !props.value;
  if (!props.value) return view.replaceChildren();
  const picture = Object.assign(document.createElement("img"), { src: props.value.src, alt: "Your photo", draggable: false });
  view.replaceChildren(picture, ...props.value.boxes.map(button));
}
watch("value", draw);
draw();
