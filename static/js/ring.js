// On the page of notices: shows the part that fits this phone, and rings it after a press.
import { able, compare, isMine, letGo, letRing, looked } from "./push.js";

const place = document.getElementById("this-phone");
const trouble = place.querySelector(".wrong");
const test = place.querySelector("form");

// `standalone` is Safari's own word on an iPhone: there a tab has no PushManager, the Home Screen has.
function fits() {
  const iphone = /iPhone|iPad|iPod/.test(navigator.userAgent) || navigator.standalone === false;
  if (!able) return iphone && !navigator.standalone ? "iphone" : "unable";
  return Notification.permission === "denied" ? "denied" : "ask";
}

place.querySelector(".no-scripts")?.remove();

function show(which, words = "") {
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== which;
  trouble.hidden = !words;
  trouble.firstElementChild.textContent = words;
}

async function look() {
  const mine = fits() === "ask" && (await isMine());
  if (mine) test.elements.endpoint.value = mine.endpoint;
  show(mine ? "on" : fits());
}

async function ring(button) {
  button.setAttribute("aria-busy", "true");
  try {
    if ((await Notification.requestPermission()) !== "granted") return look();
    const wrong = await letRing();
    if (wrong) return show("ask", wrong);
    await look();
    test.requestSubmit();
  } catch {
    show("unreached");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

place.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (button?.dataset.ring !== undefined) await ring(button);
  if (button?.dataset.quiet !== undefined) {
    await letGo();
    location.reload();
  }
});

if (test) looked.then(compare).catch(() => {}).then(look);
