// A form with data-outbox is kept on the phone before it is sent, and stays there until the house has answered.
import { ask } from "./ask.js";
import { typedIn } from "./drafts.js";
import "./outbox.js";
import { word } from "./words.js";

const box = self.kith;
const viewer = document.body.dataset.viewer;
const shell = document.body.dataset.shell !== undefined;
let signedIn = viewer;

// Whose phone it is; in the shell, which knows nobody, as the last page from the house said.
export const me = shell ? box.who().catch(() => "") : Promise.resolve(viewer);
me.then((person) => { signedIn = person; });

const usual = new WeakSet();
const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (leaves(form)) return signOut(event);
  if (form.dataset.outbox === undefined || !signedIn || !self.indexedDB || usual.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (busy.has(form)) return;
  busy.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
  sendNow(form, event.submitter).catch(() => asUsual(form, event.submitter)).finally(() => {
    busy.delete(form);
    event.submitter?.removeAttribute("aria-busy");
  });
}, true);

async function sendNow(form, button) {
  const id = await box.keep(entry(form, button));
  const became = (await box.send(signedIn))[id] ?? {};
  if (became.where !== undefined) arrived(form, became.where);
  else if (became.refused) {
    // nobody waits for it: the page itself says what is wrong, beside what was typed
    await box.drop(id);
    asUsual(form, button);
  } else {
    form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
    renew(form);
    if (became.status === 401) return location.reload();
    form.reset();
    mark(form);
    document.getElementById("waits-here")?.focus();
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("outbox").catch(() => {});
  }
}

function entry(form, button) {
  const typed = new FormData(form);
  if (button?.name) typed.append(button.name, button.value);
  const fields = [...typed].map(([name, value]) => [name, typeof value === "string" ? value.replace(/\r?\n/g, "\r\n") : value]);
  const words = [...form.querySelectorAll("textarea, input[type=text], input:not([type])")].map((each) => each.value).filter(Boolean);
  return {
    person: signedIn, action: form.getAttribute("action"), fields, files: form.enctype === "multipart/form-data", at: Date.now(),
    page: location.pathname === "/offline" ? "/" : location.pathname + location.search,
    title: button?.textContent.trim() || document.querySelector("h1")?.textContent || "", words: words.join(" · "), draft: typedIn(form),
  };
}

function arrived(form, where) {
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  location.assign(where);
}

function asUsual(form, button) {
  usual.add(form);
  form.requestSubmit(button);
}

// The next deed of this form is another.
export function renew(form) {
  const deed = form.elements._deed;
  if (deed) deed.value = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
    (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16));
}

// In the place where it was sent. A form that is one button alone is gone meanwhile.
function mark(form) {
  document.getElementById("waits-here")?.remove();
  const line = document.createElement("p");
  const door = document.createElement("a");
  Object.assign(line, { id: "waits-here", className: "note soon", tabIndex: -1 });
  line.setAttribute("role", "status");
  Object.assign(door, { href: "/offline", textContent: word("look") });
  line.append(`${word("waiting")} `, door);
  form.before(line);
  form.hidden = ![...form.elements].some((each) => each.matches("input:not([type=hidden]), textarea, select"));
}

async function marks() {
  const all = await box.waiting(await me).catch(() => []);
  if (!all.some((each) => each.tried)) document.getElementById("waits-here")?.remove();
  for (const form of document.querySelectorAll("form[data-outbox]")) {
    if (all.some((each) => each.tried && !each.refused && each.action === form.getAttribute("action"))) mark(form);
    else form.hidden = false;
  }
}

async function goOn() {
  const person = await me;
  if (document.hidden || !person || !navigator.onLine) return;
  if ((await box.waiting(person)).some((each) => !each.refused)) await box.send(person);
}

function leaves(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname === "/sign-out";
}

// What waits is offered to be sent first (it would be gone); then the phone forgets this person.
function signOut(event) {
  const form = event.target;
  if (!navigator.onLine || !self.indexedDB || usual.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  emptied().catch(() => true).then((yes) => yes && asUsual(form, event.submitter));
}

async function emptied() {
  let all = await box.waiting(viewer);
  if (all.length && (await ask(word("send-first"), word("send")))) {
    await box.send(viewer);
    all = await box.waiting(viewer);
  }
  if (all.length && !(await ask(word("lose"), word("leave")))) return false;
  await box.forget(viewer);
  return true;
}

async function begin() {
  if (!shell) await box.here(viewer);
  await marks();
  await goOn();
  if (!shell && viewer) await box.refresh(viewer);
}

box.changed(marks);
document.addEventListener("htmx:after:swap", marks);
document.addEventListener("visibilitychange", () => goOn().catch(() => {}));
addEventListener("online", () => goOn().then(async () => box.refresh(await me, { anew: true })).catch(() => {}));
if (self.indexedDB) begin().catch(() => {});
