// The service worker, and the quiet line at the top while there is no network.

const line = document.getElementById("offline");
const show = () => { line.hidden = navigator.onLine; };
addEventListener("online", show);
addEventListener("offline", show);
show();

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ speak: document.documentElement.lang }));
}
