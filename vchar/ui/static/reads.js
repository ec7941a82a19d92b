// What the recogniser sees in the picture: { emotions: [{ label, percent }], note, code }, likeliest first; null: nothing
// was read. It pales as long as the picture is not, or no longer, the one that was read.
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
  age();
}

function age() {
  line.toggleAttribute("data-old", props.value?.code !== stage.dataset.code);
}

const stage = document.querySelector(".stage");
new MutationObserver(age).observe(stage, { attributeFilter: ["data-code"] });
watch("value", draw);
draw();
