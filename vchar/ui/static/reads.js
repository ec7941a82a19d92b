// What the recogniser sees in the picture: { emotions: [{ label, percent }], note }, likeliest first; null: nothing read.
const line = element.querySelector(".reads");

function bar({ label, percent }) {
  const made = Object.assign(document.createElement("span"), { className: "reads-bar", textContent: `${label} ${percent} %` });
  made.style.setProperty("--share", `${percent}%`);
  return made;
}

function draw() {
  line.hidden = !props.value;
  if (!props.value) return;
  const { emotions, note } = props.value;
  line.querySelector(".reads-bars").replaceChildren(...emotions.map(bar));
  line.querySelector(".reads-note").textContent = note;
  line.toggleAttribute("data-differs", Boolean(note));
}
watch("value", draw);
draw();
