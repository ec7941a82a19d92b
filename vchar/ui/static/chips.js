// Short texts to click on; with a search field, those that have its words in them.
const list = element.querySelector(".chips-list");
const search = element.querySelector(".chips-search");
list.setAttribute("aria-label", props.title);
search.setAttribute("aria-label", `Search: ${props.title}`);
search.hidden = !props.search;

const chips = props.value.map(({ label, prompt }) => {
  const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: label });
  chip.title = prompt;
  chip.addEventListener("click", () => trigger("pick", { prompt }));
  list.append(chip);
  return { chip, text: `${label} ${prompt}`.toLowerCase() };
});

search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/);
  for (const { chip, text } of chips) chip.hidden = !words.every((word) => text.includes(word));
});
