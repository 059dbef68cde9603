// A form with data-outbox is kept on the phone before it is sent, and stays there until the house has answered.
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

const FIRST = 4000; // ms until it is tried again, and at most
const LAST = 60000;
const SLOW = 2500; // until it is said that it waits
const usual = new WeakSet();
const busy = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.outbox === undefined || !signedIn || !self.indexedDB || usual.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  // of an answer that may change, every button counts, also while another is on its way
  const pressed = (form.dataset.outbox === "again" && event.submitter) || form;
  if (busy.has(pressed)) return;
  busy.add(pressed);
  event.submitter?.setAttribute("aria-busy", "true");
  sendNow(form, event.submitter).catch(() => asUsual(form, event.submitter)).finally(() => {
    busy.delete(pressed);
    event.submitter?.removeAttribute("aria-busy");
  });
}, true);

async function sendNow(form, button) {
  const kept = box.keep(entry(form, button));
  if (form.dataset.outbox === "again") renew(form);
  const id = await kept;
  const slow = setTimeout(() => box.change(id, { tried: true }), SLOW);
  const became = (await box.send(signedIn).finally(() => clearTimeout(slow)))[id];
  if (!became && !(await box.entry(id))) arrived(form, location.href); // another page of ours was quicker
  else if (became?.where !== undefined) arrived(form, became.where);
  else if (became?.refused) await refusedHere(form, id, became);
  else {
    form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
    renew(form);
    if (became?.status === 401) return location.reload();
    form.reset();
    await box.change(id, { tried: true });
    await marks();
    document.querySelector(".waits-here")?.focus();
    later();
    navigator.storage?.persist?.().catch(() => {});
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.sync?.register("outbox").catch(() => {});
  }
}

function entry(form, button) {
  const typed = new FormData(form);
  if (button?.name) typed.append(button.name, button.value);
  const fields = [...typed].map(([name, value]) => [name, typeof value === "string" ? value.replace(/\r?\n/g, "\r\n") : value]);
  const words = [...form.querySelectorAll("textarea, input[type=text], input:not([type])")].map((each) => each.value).filter(Boolean);
  const draft = typedIn(form);
  return {
    person: signedIn, action: form.getAttribute("action"), fields, files: form.enctype === "multipart/form-data", at: Date.now(),
    size: fields.reduce((sum, [, value]) => sum + (value.size ?? 0), 0), page: location.pathname === "/offline" ? "/" : location.pathname + location.search,
    title: [form.dataset.about, button?.textContent.trim()].filter(Boolean).join(": ") || document.querySelector("h1")?.textContent || "", words: words.join(" · "), draft, instead: mended(draft),
  };
}

// Of one that came back: it goes when what it was mended to is stored.
function mended({ key }) {
  const { id, draft } = JSON.parse(sessionStorage.getItem("mending") ?? "{}");
  return draft === key ? id : undefined;
}

// With what was typed as a draft of its form, to be mended there.
export function mend({ id, draft }) {
  if (draft.typed.length) localStorage.setItem(draft.key, JSON.stringify({ at: Date.now(), typed: draft.typed }));
  sessionStorage.setItem("mending", JSON.stringify({ id, draft: draft.key }));
}

// What the house said takes the place of the page. Words that stand in their form again are a draft again; all else stays
// in the outbox: a button has no words, and a photo cannot be put back.
async function refusedHere(form, id, { refused, said }) {
  const kept = await box.entry(id);
  const answer = new DOMParser().parseFromString(said, "text/html");
  const main = answer.getElementById("main");
  if (!main) return asUsual(form, form.querySelector("button"));
  mend(kept);
  if (refused === 422 && kept.draft.typed.length && !kept.size && main.querySelector(`form[action="${kept.action}"]`)) await box.drop(id);
  document.title = answer.title;
  document.getElementById("main").replaceWith(document.adoptNode(main));
  self.htmx?.process(main);
  scrollTo(0, 0);
  document.dispatchEvent(new CustomEvent("htmx:after:swap", { detail: { ctx: { target: main } } }));
  if (!main.contains(document.activeElement)) main.focus();
}

function arrived(form, where) {
  form.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
  const to = new URL(where, location.href);
  if (to.pathname + to.search !== location.pathname + location.search) return location.assign(to);
  history.replaceState(history.state, "", to);
  location.reload();
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

// What waits is said where it was sent, once for all forms of one address. A form that is one button alone is gone
// meanwhile, but not an answer that may change (data-outbox="again").
export async function marks() {
  const all = (await box.waiting(await me).catch(() => [])).filter((each) => each.tried && !each.refused);
  const before = document.activeElement?.matches(".waits-here");
  document.querySelectorAll(".waits-here").forEach((each) => each.remove());
  const said = new Set();
  for (const form of document.querySelectorAll("form[data-outbox]")) {
    const action = form.getAttribute("action");
    const here = all.filter((each) => each.action === action);
    const alone = ![...form.elements].some((each) => each.matches("input:not([type=hidden]), textarea, select"));
    form.hidden = here.length > 0 && alone && form.dataset.outbox !== "again";
    if (here.length && !said.has(action)) (form.closest("[data-answering]") ?? form).before(line(here));
    if (here.length) said.add(action);
  }
  if (before) document.querySelector(".waits-here")?.focus();
}

function line(entries) {
  const line = document.createElement("div");
  const words = document.createElement("div");
  const what = document.createElement("strong");
  const door = document.createElement("a");
  Object.assign(line, { className: "note soon waits-here", tabIndex: -1 });
  line.setAttribute("role", "status");
  // of an answer that was changed, the last
  const last = new Map(entries.map((each) => [each.draft.key, each.title]));
  what.textContent = [...last.values()].join(" · ");
  Object.assign(door, { href: "/offline", textContent: word("look") });
  words.append(word("waiting"), what);
  line.append(words, door);
  return line;
}

async function goOn() {
  const person = await me;
  if (document.hidden || !person || !(await box.waiting(person)).some((each) => !each.refused)) return;
  if (navigator.onLine) {
    const became = Object.values(await box.send(person));
    if (became.some(({ where }) => where !== undefined)) await box.refresh(person, { anew: true });
  }
  later();
}

// A signal comes and goes without a word to the page: as long as something waits, it is tried again.
let timer;
let pause = FIRST;
function later() {
  clearTimeout(timer);
  timer = setTimeout(() => goOn().catch(() => {}), pause);
  pause = Math.min(pause * 2, LAST);
}

async function begin() {
  if (!shell) await box.here(viewer);
  await marks();
  await goOn();
  if (!shell && viewer) await box.refresh(viewer, { alert: document.getElementById("home")?.dataset.alert });
}

box.changed(marks);
document.addEventListener("htmx:after:swap", marks);
document.addEventListener("visibilitychange", () => goOn().catch(() => {}));
addEventListener("online", () => (pause = FIRST, goOn()).then(async () => box.refresh(await me, { anew: true })).catch(() => {}));
if (self.indexedDB) begin().catch(() => {});
