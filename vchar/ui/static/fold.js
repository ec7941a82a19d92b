// The heading of a card that opens and closes; the style sheet hides what follows a closed one.
const button = element.querySelector(".fold");
button.addEventListener("click", () => {
  button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
});
