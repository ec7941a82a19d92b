// The tabs. The value is the name of the open one; the columns of the others are hidden by the style sheet.
const tabs = [...element.querySelectorAll(".tab")];

function draw() {
  element.closest("#workspace").dataset.tab = props.value;
  for (const tab of tabs) {
    const open = tab.dataset.tab === props.value;
    tab.setAttribute("aria-selected", String(open));
    tab.tabIndex = open ? 0 : -1;
  }
}

function open(tab) {
  props.value = tab.dataset.tab;
  draw();
  tab.focus({ preventScroll: true });
  trigger("open");
}

tabs.forEach((tab, place) => {
  tab.addEventListener("click", () => open(tab));
  tab.addEventListener("keydown", ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (step) open(tabs.at((place + step) % tabs.length));
  });
});
watch("value", draw);
draw();
