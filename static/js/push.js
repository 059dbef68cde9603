// A phone that rings. What rings here for whom is noted on the phone; at each opening the browser's own subscription is
// compared with it and with the server, and mended. Signing out silences the phone first.
const viewer = document.body.dataset.viewer;
const MINE = `rings:${viewer}`;
const LOOKED = `rings-looked:${viewer}`;
const AN_HOUR = 3600 * 1000;
const PATIENCE = 2000;
const HERE = "/push/subscriptions";

export const able = "serviceWorker" in navigator && "PushManager" in window;

// Only what was let ring for this person: another's is none of theirs.
export async function held() {
  const worker = able && (await navigator.serviceWorker.getRegistration());
  return (await worker?.pushManager.getSubscription()) ?? null;
}

export async function isMine() {
  const subscription = await held();
  return subscription && subscription.endpoint === localStorage.getItem(MINE) ? subscription : null;
}

// After a press. Gives back what went wrong, in the server's words; raises what the browser raises.
export async function letRing() {
  const subscription = await subscribed(await serverKey());
  const answer = await tell("POST", subscription);
  if (answer.ok) return void localStorage.setItem(MINE, subscription.endpoint);
  await subscription.unsubscribe();
  return answer.text();
}

export async function letGo() {
  const subscription = await held();
  localStorage.removeItem(MINE);
  await Promise.all([
    clearScreen(),
    subscription && tell("DELETE", { endpoint: subscription.endpoint }),
    subscription?.unsubscribe(),
  ]);
}

// What was shown for one person is not left for the next who holds this phone.
async function clearScreen() {
  const worker = able && (await navigator.serviceWorker.getRegistration());
  for (const shown of (await worker?.getNotifications?.()) ?? []) shown.close();
}

async function subscribed(key) {
  const worker = await navigator.serviceWorker.ready;
  const before = await worker.pushManager.getSubscription();
  if (before && !fits(before, key)) await before.unsubscribe();
  return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

// A subscription is bound to the key it was made with (RFC 8292, 4): with another it is deaf.
function fits(subscription, key) {
  const made = subscription.options?.applicationServerKey;
  if (!made) return true;
  const text = btoa(String.fromCharCode(...new Uint8Array(made)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "") === key;
}

async function serverKey() {
  return (await (await fetch("/push/key")).text()).trim();
}

function tell(method, said) {
  return fetch(HERE, { method, body: JSON.stringify(said), keepalive: true });
}

export async function compare() {
  const before = localStorage.getItem(MINE) ?? "";
  let subscription = await held();
  if (!subscription && (!before || Notification.permission !== "granted")) return;
  if (before) subscription = await subscribed(await serverKey());
  const answer = await tell("PUT", { subscription, before });
  if (answer.ok) localStorage.setItem(MINE, subscription.endpoint);
  else if (answer.status === 403) {
    localStorage.removeItem(MINE);
    await Promise.all([clearScreen(), subscription.unsubscribe()]);
  }
}

// Noted only when it is through: whoever leaves the page meanwhile, has no network or no push service, is looked after by
// the next opening.
let looking = false;
async function look() {
  const lately = Date.now() - sessionStorage.getItem(LOOKED) < AN_HOUR;
  if (!able || !viewer || document.hidden || lately || looking) return;
  looking = true;
  await compare().then(() => sessionStorage.setItem(LOOKED, Date.now()), () => {});
  looking = false;
}

export const looked = look();
document.addEventListener("visibilitychange", look);

const silent = new WeakSet();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const leaves = new URL(form.getAttribute("action") || location.href, location.href).pathname === "/sign-out";
  if (!leaves || !able || !navigator.onLine || silent.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  Promise.race([letGo(), new Promise((done) => setTimeout(done, PATIENCE))]).catch(() => {}).then(() => {
    silent.add(form);
    form.requestSubmit(event.submitter);
  });
}, true);
