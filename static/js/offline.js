// The one page for all that is kept on this phone: what waits to be sent, and what can be read without a network.
import "./outbox.js";
import { me, renew } from "./waiting.js";
import { word } from "./words.js";

const box = self.kith;
const place = document.querySelector("[data-offline]");
const part = (name) => place.querySelector(`[data-part=${name}]`);

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { month: "short", day: "numeric", ...TIME };
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, new Date(at).toDateString() === new Date().toDateString() ? TIME : DAY).format(at);

async function showPocket() {
  const kept = await box.pocket(await me);
  if (!kept?.pages.length) return;
  const here = kept.pages.find((each) => each.path === location.pathname);
  const asOf = part("as-of");
  asOf.textContent = word("as-of").replace("#", clock(kept.at));
  asOf.hidden = false;
  if (here) showPage(here);
  const others = kept.pages.filter((each) => each !== here);
  part("list").hidden = !others.length;
  part("pages").replaceChildren(...others.map(row));
}

function showPage({ title, html }) {
  const page = part("page");
  part("missing").hidden = true;
  page.hidden = false;
  page.querySelector("h1").textContent = document.title = title;
  const block = page.querySelector("div");
  block.innerHTML = html;
  block.querySelectorAll("form").forEach(renew);
}

function row({ path, title }) {
  const line = document.createElement("li");
  const door = document.createElement("a");
  line.className = door.className = "row";
  Object.assign(door, { href: path, textContent: title });
  line.append(door);
  return line;
}

async function showWaiting() {
  const all = await box.waiting(await me);
  part("outbox").hidden = !all.length;
  part("waits").replaceChildren(...all.map(waits));
}

function waits(entry) {
  const line = part("entry").content.firstElementChild.cloneNode(true);
  const [title, words, state] = line.querySelectorAll("strong, .as-typed, .soft");
  const [mend, discard] = line.querySelectorAll("button");
  title.textContent = entry.title;
  words.textContent = entry.words;
  state.textContent = `${clock(entry.at)} · ${entry.refused ? word(`refused-${[403, 404, 409].includes(entry.refused) ? entry.refused : 422}`) : word("waiting")}`;
  mend.hidden = !entry.refused;
  mend.addEventListener("click", async () => {
    if (entry.draft) localStorage.setItem(entry.draft.key, JSON.stringify({ at: Date.now(), typed: entry.draft.typed }));
    await box.drop(entry.id);
    location.assign(entry.page);
  });
  discard.addEventListener("click", () => box.drop(entry.id));
  return line;
}

const show = () => Promise.all([showPocket(), showWaiting()]).catch(() => {});
box.changed(() => showWaiting().catch(() => {}));
show().then(() => document.body.dataset.shown = "");
