// The service worker, and the quiet line at the top while there is no network or something waits to be sent.
import "./outbox.js";
import { me } from "./waiting.js";
import { word } from "./words.js";

const line = document.getElementById("offline");

async function show() {
  // what is being sent at this moment does not wait yet
  const all = (await self.kith.waiting(await me).catch(() => [])).filter((each) => each.tried || each.refused);
  const stuck = all.filter((each) => each.refused).length;
  // a shell in the place of another page is there because nothing came
  const offline = !navigator.onLine || (document.body.dataset.shell !== undefined && location.pathname !== "/offline");
  const [name, number] = stuck ? ["stuck", stuck] : [offline ? "waits-offline" : "waits", all.length];
  line.querySelector("span").textContent = number ? word(`${name}${number === 1 ? "-one" : ""}`).replace("#", number) : word("offline");
  line.querySelector("a").hidden = !all.length;
  line.hidden = !offline && !all.length;
}

addEventListener("online", show);
addEventListener("offline", show);
self.kith.changed(show);
show();

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ speak: document.documentElement.lang }));
}
