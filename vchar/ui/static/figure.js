// A picture that is drawn when it is wanted, and only while its tab is open: a body that nobody sees costs nothing.
const figure = element.querySelector(".figure");
const picture = element.querySelector(".figure-picture");
const notice = element.querySelector(".figure-notice");
const workspace = element.closest("#workspace");
let wanted = ""; // what shall be shown
let asked = ""; // what was asked for last

function ask() {
  if (!wanted || wanted === asked || workspace.dataset.tab !== "Body & Motion") return;
  asked = wanted;
  figure.dataset.state = "drawing";
  trigger("draw");
}

function show({ src, alt }) {
  Object.assign(picture, { src, alt, hidden: false });
  notice.hidden = true;
  figure.dataset.state = "ready";
}

const answers = {
  wanted: ({ key }) => {
    wanted = key;
    ask();
  },
  none: () => {
    picture.hidden = true;
    figure.dataset.state = "none";
  },
  picture: show,
  failed: ({ message }) => {
    asked = "";
    Object.assign(notice, { textContent: message, hidden: false });
    figure.dataset.state = "failed";
  },
};

function update() {
  answers[props.value.kind](props.value);
}

new MutationObserver(ask).observe(workspace, { attributeFilter: ["data-tab"] });
watch("value", update);
update();
