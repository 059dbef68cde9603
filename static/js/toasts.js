// A toast stays 8 s, longer while a finger, a pointer or the keyboard is on it.
const STAYS = 8000;

export function toast(words) {
  const made = document.createElement("div");
  const line = document.createElement("span");
  made.className = "toast";
  made.dataset.toast = "";
  line.textContent = words;
  made.append(line);
  document.getElementById("said").append(made);
}

function arm(made) {
  let timer;
  const go = () => { timer = setTimeout(() => made.remove(), STAYS); };
  const wait = () => clearTimeout(timer);
  const again = () => { if (!made.matches(":hover, :focus-within")) { wait(); go(); } };
  for (const name of ["pointerenter", "focusin"]) made.addEventListener(name, wait);
  for (const name of ["pointerleave", "focusout"]) made.addEventListener(name, () => setTimeout(again));
  go();
}

const place = document.getElementById("said");
place.querySelectorAll("[data-toast]").forEach(arm);
new MutationObserver((changes) => {
  for (const node of changes.flatMap((change) => [...change.addedNodes])) {
    if (node.matches?.("[data-toast]")) arm(node);
  }
}).observe(place, { childList: true });
