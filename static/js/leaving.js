// Signing out: what waits is offered to be sent first (it would be gone); then the phone forgets this person.
import { ask } from "./ask.js";
import "./outbox.js";
import { word } from "./words.js";

const box = self.kith;
const viewer = document.body.dataset.viewer;
const asked = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!leaves(form) || !navigator.onLine || !self.indexedDB || asked.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  emptied().catch(() => true).then((yes) => {
    if (!yes) return;
    asked.add(form);
    form.requestSubmit(event.submitter);
  });
}, true);

function leaves(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname === "/sign-out";
}

async function emptied() {
  let all = await box.waiting(viewer);
  if (all.some((each) => !each.refused) && (await ask(word("send-first"), word("send")))) {
    await box.send(viewer);
    all = await box.waiting(viewer);
  }
  if (all.length && !(await ask(word("lose"), word("leave")))) return false;
  await box.forget(viewer);
  return true;
}
