// What htmx cannot put in its place: no answer at all, or a whole page where a part was asked for (an error, a sign-in).
import { word } from "./words.js";

const BY_ITSELF = "[hx-trigger^=look], [hx-sse\\:connect]";

// Without a network the form stays as it is: a browser's own error page would take its place.
document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.target.method !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  refuse(word("unsent"));
}, true);

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (ctx && !ctx.response && ctx.request.method !== "GET") refuse(word("unsent"));
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  // Nobody asked for what the house does by itself: what stands there stays.
  if (ctx.response?.status >= 400 && ctx.sourceElement.matches(BY_ITSELF)) return event.preventDefault();
  const whole = /^\s*<!doctype/i.test(ctx.text);
  if (!whole || ctx.target === document.body || ctx.select) return;
  event.preventDefault();
  const { status, raw } = ctx.response;
  if (status < 400) location.assign(raw.url);
  else if (status === 401) location.reload();
  else refuse(new DOMParser().parseFromString(ctx.text, "text/html").querySelector("h1")?.textContent);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail.ctx;
  if (target !== "#refusal" && target?.id !== "refusal") line().hidden = true;
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-dismiss]")) line().hidden = true;
});

function refuse(words) {
  line().querySelector("span").textContent = words;
  line().hidden = false;
}

function line() {
  return document.getElementById("refusal");
}
