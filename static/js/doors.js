// Small behaviours of links and buttons: back, again, copy, and forms that send themselves when something is chosen.
import { toast } from "./toasts.js";
import { word } from "./words.js";

document.addEventListener("click", (event) => {
  const door = event.target.closest?.("[data-back], [data-again], [data-copy]");
  if (!door) return;
  if (door.dataset.copy !== undefined) copy(door.dataset.copy);
  else if (door.dataset.again !== undefined) location.reload();
  else if (history.length > 1) history.back();
  else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.dataset.sends !== undefined) form.requestSubmit();
});

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(word("copied"));
}
