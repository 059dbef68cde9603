// What is being typed is kept on this phone until it has been sent: under the person's number, and for strangers only
// as long as the tab lives. Passwords, codes and files are never kept. Signing out forgets everything.
import { word } from "./words.js";

const WEEKS = 14 * 24 * 3600 * 1000;
const viewer = document.body.dataset.viewer;
const shelf = viewer ? localStorage : sessionStorage;
const mine = `draft:${viewer}:`;
const SENT = "draft-sent";
const waiting = new Map();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && keepable(form)) soon(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (destination(form) === "/sign-out") forgetAll();
  else if (keepable(form)) {
    put(form);
    if (!form._htmx) sessionStorage.setItem(SENT, key(form));
  }
});
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form");
  if (form && event.detail.ctx.response?.status < 400) shelf.removeItem(key(form));
});
document.addEventListener("kept", (event) => {
  clearTimeout(waiting.get(event.target));
  waiting.delete(event.target);
  shelf.removeItem(key(event.target));
});
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("form").forEach(restore));
addEventListener("pagehide", () => waiting.forEach((timer, form) => put(form)));

settle();
sweep();
document.querySelectorAll("form").forEach(restore);

function soon(form) {
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => put(form), 400));
}

function keepable(form) {
  return form.method === "post" && !form.hasAttribute("data-unkept") && fields(form).length > 0;
}

function fields(form) {
  return [...form.elements].filter((field) => field.name && !field.matches(
    "button, fieldset, output, [type=hidden], [type=password], [type=file], [data-unkept], [autocomplete=one-time-code]",
  ));
}

// The address it goes to and what it is about: an ask for one skill is not an ask for another.
function key(form) {
  const about = [...form.elements].filter((field) => field.type === "hidden" && field.name !== "_deed");
  return mine + destination(form) + about.map((field) => `&${field.name}=${field.value}`).join("");
}

function destination(form) {
  return new URL(form.getAttribute("action") || location.href, location.href).pathname;
}

// As a draft is kept, for a form that comes back from the outbox.
export function typedIn(form) {
  const typed = fields(form).filter((field) => "checked" in field && /radio|checkbox/.test(field.type) ? field.checked : field.value)
    .map((field) => [field.name, field.value]);
  return { key: key(form), typed };
}

function put(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const { typed } = typedIn(form);
  try {
    shelf.setItem(key(form), JSON.stringify({ at: Date.now(), typed }));
  } catch {
    // The phone is full: the form itself still holds what was typed.
  }
}

// The page after a sent form tells whether it arrived: it was redirected to (303), and nothing refused.
function settle() {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const [arrival] = performance.getEntriesByType("navigation");
  const refused = arrival?.responseStatus >= 400 || document.querySelector(".errors, .trouble, [aria-invalid='true']");
  if (!sent || !arrival?.redirectCount || refused) return;
  localStorage.removeItem(sent);
  sessionStorage.removeItem(sent);
}

// A form that came back with mistakes already shows what was typed; it is newer than what is kept here.
function restore(form) {
  if (form.dataset.restored || !keepable(form) || form.querySelector("[aria-invalid='true'], .errors")) return;
  form.dataset.restored = "1";
  const kept = JSON.parse(shelf.getItem(key(form)) ?? "null");
  if (!kept) return;
  const before = JSON.stringify(values(form));
  const left = [...kept.typed];
  for (const field of fields(form)) fill(field, left);
  if (JSON.stringify(values(form)) !== before) tellRestored(form);
}

function values(form) {
  return fields(form).map((field) => [field.value, field.checked]);
}

function fill(field, left) {
  const choice = /radio|checkbox/.test(field.type);
  const at = left.findIndex(([name, value]) => name === field.name && (!choice || value === field.value));
  if (choice) field.checked = at >= 0;
  else if (at >= 0) field.value = left[at][1];
  else field.value = "";
  if (at >= 0) left.splice(at, 1);
}

function tellRestored(form) {
  const line = document.createElement("p");
  const afresh = document.createElement("button");
  line.className = "note kept";
  line.append(document.createElement("span"), afresh);
  line.firstChild.textContent = word("restored");
  Object.assign(afresh, { type: "button", className: "btn bare", textContent: word("afresh") });
  afresh.addEventListener("click", () => {
    shelf.removeItem(key(form));
    form.reset();
    line.remove();
    fields(form)[0]?.focus();
  });
  form.prepend(line);
}

function forgetAll() {
  for (const name of Object.keys(shelf)) if (name.startsWith(mine)) shelf.removeItem(name);
  sessionStorage.removeItem(SENT);
}

function sweep() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("draft:") && !(JSON.parse(localStorage.getItem(name))?.at > Date.now() - WEEKS)) localStorage.removeItem(name);
  }
}
