// Keeps the shell (files that everybody gets alike) so that Kith opens without a network. The server fills in the next two lines.
const SHELL = [];
const STAMP = "";

const KEPT = `shell-${STAMP}`;
const NOTES = "notes";

self.addEventListener("install", (event) => event.waitUntil(keepShell()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data?.speak) event.waitUntil(noteLanguage(event.data.speak));
});
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
  if (answer.ok && answer.headers.get("Cache-Control")?.includes("immutable")) {
    const cache = await caches.open(KEPT);
    await cache.put(request, answer.clone());
  }
  return answer;
}

// Pages are private: they come from the network or not at all, and are never kept here.
async function fromNetwork(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
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
