// The server only says "look again" and where (SSE event `look`, its data a channel). Every element that names the channel
// (data-channel) fetches itself anew by its own hx-get, unless somebody is typing in it: then as soon as they leave it.
const ON_ITS_WAY = 8000; // ms
const AGAIN = 5000;
const soon = new Map();
const calm = document.title;

document.addEventListener("look", (event) => {
  const channel = event.detail?.data;
  if (channel) places(channel).forEach(lookSoon);
});
// After a pause (the phone slept, the signal was lost) nobody knows what was missed; nor when the page was so long on its
// way that the server, which first tells what was said in the last ten seconds, begins too late.
document.addEventListener("htmx:sse:after:connection", (event) => {
  if (event.detail.connection.attempt > 0 || performance.now() > ON_ITS_WAY) everything().forEach(lookSoon);
});
// A stream that once stood comes back by itself; one that never opened is asked for again here.
document.addEventListener("htmx:finally:request", ({ target, detail: { ctx } }) => {
  const status = ctx.response?.status ?? 503;
  if (target.matches?.("[hx-sse\\:connect]") && status >= 429) setTimeout(() => again(target), AGAIN);
});
document.addEventListener("htmx:sse:before:connection", ({ detail }) => lost(detail.connection.attempt > 0));
document.addEventListener("htmx:sse:after:connection", () => lost(false));
document.addEventListener("htmx:after:swap", count);
count();

function again(line) {
  if (!line._htmx?.sse) htmx.trigger(line, "again", {}, false);
}

function everything() {
  return [...document.querySelectorAll("[data-channel]")];
}

// "notices:7" reaches data-channel="notices:7" and data-channel="notices"; "notices" reaches both too.
function places(channel) {
  return everything().filter(({ dataset }) =>
    dataset.channel.split(" ").some((name) =>
      channel === name || channel.startsWith(`${name}:`) || name.startsWith(`${channel}:`)));
}

// By its name and not by itself: an answer that came meanwhile may have put another in its place. Never put off by the
// next word: on the day of an alert there is always a next one. A place that is costly to fetch names its own pace.
function lookSoon({ id, dataset }) {
  if (!soon.has(id)) soon.set(id, setTimeout(look, Number(dataset.pace ?? 250), id));
}

function look(id) {
  soon.delete(id);
  const place = document.getElementById(id);
  if (!place) return;
  const typing = place.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
  if (typing) document.activeElement.addEventListener("blur", () => lookSoon(place), { once: true });
  else htmx.trigger(place, "look", {}, false);
}

// Whoever relies on what is shown is told when it may be old.
function lost(yes) {
  for (const line of document.querySelectorAll("[data-lost]")) line.hidden = !yes;
}

function count() {
  const unread = Number(document.getElementById("bell")?.dataset.unread ?? 0);
  document.title = unread ? `(${unread}) ${calm}` : calm;
  if (unread) navigator.setAppBadge?.(unread).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}
