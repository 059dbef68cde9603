// The service worker, the quiet line at the top while there is no network, and a sentence when something could not be sent.
import { word } from "./words.js";

const line = document.getElementById("offline");
const show = () => { line.hidden = navigator.onLine; };
addEventListener("online", show);
addEventListener("offline", show);
show();

document.addEventListener("htmx:error", (event) => {
  const { ctx } = event.detail;
  if (!ctx || ctx.response || ctx.request.method === "GET") return;
  const refusal = document.getElementById("refusal");
  refusal.textContent = word("unsent");
  refusal.hidden = false;
});

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ speak: document.documentElement.lang }));
}
