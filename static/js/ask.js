// "Are you sure?" before a form with data-confirm is sent. Registered first, so that nothing else sees an unsure submit.
import { word } from "./words.js";

const sure = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || sure.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form.dataset.confirm, event.submitter?.textContent.trim()).then((yes) => {
    if (!yes) return;
    sure.add(form);
    form.requestSubmit(event.submitter);
  });
}, true);

export function ask(question, verb) {
  const dialog = document.createElement("dialog");
  const form = document.createElement("form");
  const words = document.createElement("p");
  const acts = document.createElement("div");
  form.method = "dialog";
  words.id = "question";
  words.textContent = question;
  dialog.setAttribute("aria-labelledby", "question");
  acts.className = "acts main-act";
  acts.append(button("yes", verb || word("yes"), "btn"), button("no", word("no"), "btn plain"));
  form.append(words, acts);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
  });
}

function button(value, label, look) {
  const made = document.createElement("button");
  Object.assign(made, { value, textContent: label, className: look });
  return made;
}
