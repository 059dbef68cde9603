// Keeps the shell (files that everybody gets alike) so that Kith opens without a network, and shows what is pushed.
// The server fills in the next four lines.
const SHELL = [];
const STAMP = "";
const PICTURES = {};
const OUTBOX = "";
importScripts(OUTBOX);

const KEPT = `shell-${STAMP}`;
const NOTES = "notes";

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data?.speak) event.waitUntil(noteLanguage(event.data.speak));
});
self.addEventListener("push", (event) => event.waitUntil(Promise.all([show(event.data), freshen()])));
self.addEventListener("sync", (event) => event.waitUntil(sendWaiting()));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { navigate, places } = event.notification.data ?? {};
  const meant = places?.[event.action] ?? navigate;
  event.waitUntil(meant?.deed ? press(meant, event.notification) : goTo(meant));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname === "/changes") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fromShelf(request));
  else if (request.mode === "navigate") event.respondWith(fromNetwork(event));
});

// Without cookies: what is kept belongs to nobody. `reload` passes the browser's own cache by for the pages.
async function keepShell() {
  const cache = await caches.open(KEPT);
  const known = await Promise.all(SHELL.map((path) => (path.startsWith("/static/") ? caches.match(path, { ignoreVary: true }) : undefined)));
  await Promise.all(SHELL.map((path, i) => (known[i] ? cache.put(path, known[i]) : fetchInto(cache, path))));
  await self.skipWaiting();
}

async function fetchInto(cache, path) {
  const answer = await fetch(path, { credentials: "omit", cache: path.startsWith("/static/") ? "default" : "reload" });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  await cache.put(path, answer);
}

// The age before this one stays: a page opened yesterday may still ask for yesterday's files.
async function takeOver() {
  const shells = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== KEPT);
  await Promise.all(shells.slice(0, -1).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// A hashed name never changes its content: what is kept is right. Only what the server itself calls public is added.
async function fromShelf(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.headers.get("Cache-Control")?.includes("immutable")) await keep(request, answer.clone());
  return answer;
}

async function keep(request, answer) {
  try {
    await (await caches.open(KEPT)).put(request, answer);
  } catch {
    // The phone is full: the page is shown all the same.
  }
}

// Pages are private: they come from the network or not at all, and are never kept here.
async function fromNetwork(event) {
  try {
    return (await event.preloadResponse?.catch(() => undefined)) ?? (await fetch(event.request));
  } catch {
    return (await offlinePage()) ?? Response.error();
  }
}

async function offlinePage() {
  const pages = SHELL.filter((path) => path.startsWith("/offline"));
  const wanted = [await notedLanguage(), ...navigator.languages].filter(Boolean);
  for (const tag of wanted) {
    const path = pages.find((page) => sameTongue(page.split("lang=")[1], tag));
    const page = path && (await caches.match(path));
    if (page) return page;
  }
  return pages.length ? caches.match(pages.at(-1)) : undefined;
}

// What can be read without a network has changed by whatever was pushed.
async function freshen() {
  await self.kith.refresh(await self.kith.who(), { anew: true }).catch(() => {});
}

// Background Sync tries again by itself as long as this fails; whoever signed out meanwhile is not waited for.
async function sendWaiting() {
  const person = await self.kith.who();
  await self.kith.send(person);
  if ((await self.kith.waiting(person)).some(({ refused }) => !refused)) throw new Error("not sent yet");
  await freshen();
}

function sameTongue(one, other) {
  return one.split("-")[0].toLowerCase() === other.split("-")[0].toLowerCase();
}

async function noteLanguage(tag) {
  const notes = await caches.open(NOTES);
  await notes.put("/language", new Response(tag));
}

async function notedLanguage() {
  const note = await caches.match("/language", { cacheName: NOTES });
  return note?.text();
}

// Whatever was sent, something is shown, and nothing is awaited before: iOS takes the subscription of an app that was
// silent three times. No word of ours is known here, and the reader's language neither, so garbage is told in both.
function show(data) {
  const said = read(data);
  const { title, body, lang, tag, navigate, actions = [], requireInteraction = false } = said;
  const shown = self.registration.showNotification(title || "Kith 守望", {
    body, lang, tag, ...PICTURES, renotify: Boolean(tag), requireInteraction,
    actions: actions.map(({ action, title: words }) => ({ action, title: words })),
    data: { navigate, places: Object.fromEntries(actions.map(({ action, deed, done, navigate: to }) => [action, deed ? { deed, done } : to])) },
  });
  badge(said.app_badge);
  return shown.catch(() => self.registration.showNotification("Kith 守望", NEWS));
}

const NEWS = { body: "有新消息，请打开查看。 There is news. Please open Kith to read it." };

// Declarative Web Push (W3C Push API, "declarative push message"): Safari may show it without us.
function read(data) {
  try {
    const { web_push: kind, notification } = data.json();
    if (kind !== 8030 || typeof notification.title !== "string" || !notification.title) return NEWS;
    const known = Object.entries(notification).filter(([, value]) => ["string", "number"].includes(typeof value));
    const { actions, requireInteraction } = notification;
    const whole = Array.isArray(actions) ? actions.filter((each) => each?.action && each.title && each.navigate) : [];
    return { ...Object.fromEntries(known), actions: whole, requireInteraction: requireInteraction === true };
  } catch {
    return NEWS;
  }
}

async function badge(count) {
  try {
    if (Number.isInteger(count)) await (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.());
  } catch {
    // a phone without badges rings all the same
  }
}

// A form with nothing to fill in, sent by whoever is signed in here. What cannot be done so is done on its page.
async function press({ deed, done }, { title, lang, tag, data: { navigate } }) {
  const form = { action: ours(deed), fields: [["_deed", crypto.randomUUID()]], size: 0, at: Date.now() };
  const answer = await self.kith.post({ ...form, person: await self.kith.who() });
  if (answer.where === undefined) return goTo(navigate);
  await self.registration.showNotification(title, { body: done, lang, tag, ...PICTURES, data: { navigate } });
}

// The window that is open already, at the page that was meant; drafts keep what is being typed there.
async function goTo(meant) {
  const url = ours(meant);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((each) => each.url === url) ?? windows.find((each) => each.focused) ?? windows[0];
  try {
    const here = open && (await open.focus());
    if (here && (here.url === url || (await here.navigate(url)))) return;
  } catch {
    // not one of ours to steer: then a window of its own
  }
  await self.clients.openWindow(url);
}

function ours(meant) {
  try {
    const url = new URL(meant ?? "/notices", location.origin);
    if (url.origin === location.origin) return url.href;
  } catch {
    // no address at all
  }
  return `${location.origin}/`;
}

async function renew({ oldSubscription, newSubscription }) {
  const key = await (await fetch("/push/key")).text();
  const wish = { userVisibleOnly: true, applicationServerKey: key };
  const subscription = newSubscription ?? (await self.registration.pushManager.subscribe(wish));
  const said = { subscription, before: oldSubscription?.endpoint ?? "" };
  await fetch("/push/subscriptions", { method: "PUT", body: JSON.stringify(said) });
}
