// A form is sent once, however often it is pressed; and after a refusal the reader stands at the first mistake.
const PATIENCE = 20000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  hold(form, event.submitter);
}, true);

// Not `disabled`: a disabled button loses focus, and its name and value would not be sent.
function hold(form, button) {
  form.dataset.sending = "1";
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => letGo(form), PATIENCE);
}

function letGo(form) {
  delete form.dataset.sending;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target.closest?.("form");
  if (form) letGo(form);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(letGo);
});

let heldFocus = false;
document.addEventListener("htmx:before:swap", (event) => {
  const { target } = event.detail.ctx;
  heldFocus = target instanceof Element && target.contains(document.activeElement);
});
document.addEventListener("htmx:after:swap", (event) => {
  const { target } = event.detail.ctx;
  const place = typeof target === "string" ? document.querySelector(target) : document.getElementById(target?.id) ?? target;
  if (!place?.isConnected || toMistake(place) || !heldFocus || document.activeElement !== document.body) return;
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

function toMistake(place) {
  const mistake = place.querySelector("[aria-invalid='true']:not(fieldset)") ??
    place.querySelector("fieldset[aria-invalid='true'] input") ?? place.querySelector(".errors");
  mistake?.focus();
  return Boolean(mistake);
}

toMistake(document);
