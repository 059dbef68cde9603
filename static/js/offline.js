// The one page for all that is kept on this phone: what waits to be sent, and what can be read without a network.
import { ask } from "./ask.js";
import "./outbox.js";
import { marks, me, mend, renew } from "./waiting.js";
import { word } from "./words.js";

const box = self.kith;
const place = document.querySelector("[data-offline]");
const part = (name) => place.querySelector(`[data-part=${name}]`);

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = { month: "short", day: "numeric", ...TIME };
const zone = place.dataset.zone ? { timeZone: place.dataset.zone } : {};
const day = (at) => new Intl.DateTimeFormat("en", { dateStyle: "short", ...zone }).format(at);
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { ...(day(at) === day(Date.now()) ? TIME : DAY), ...zone }).format(at);

// All that lies under an alert's address is that alert.
const alert = `data-alert="${location.pathname.match(/^\/alerts\/(\d+)/)?.[1]}"`;

async function showPocket() {
  const kept = await box.pocket(await me);
  if (!kept?.pages.length) return;
  const here = kept.pages.find(({ path }) => path === location.pathname) ?? kept.pages.find(({ html }) => html.includes(alert));
  const asOf = part("as-of");
  asOf.textContent = word("as-of").replace("#", clock(kept.at));
  asOf.hidden = false;
  const crisis = kept.pages.find(({ html }) => html.includes("data-alert"));
  if (here) showPage(here);
  else if (crisis) {
    part("alert").querySelector("strong").textContent = crisis.title;
    part("alert").href = crisis.path;
    part("alert").hidden = false;
  }
  const others = kept.pages.filter((each) => each !== here && (here || each !== crisis));
  part("list").hidden = !others.length;
  part("pages").replaceChildren(...others.map(row));
}

function showPage({ title, html }) {
  const page = part("page");
  part("missing").hidden = true;
  page.hidden = false;
  const [head, block] = page.children;
  head.textContent = document.title = title;
  block.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  head.hidden = block.querySelector("h1") !== null;
  block.querySelectorAll("form").forEach(renew);
  // what had its time while nobody could say so
  for (const over of block.querySelectorAll("[data-over]")) {
    const isOver = Date.parse(over.dataset.over) <= Date.now();
    over.hidden = !isOver;
    if (isOver) block.querySelectorAll("form, [data-answering]").forEach((each) => each.remove());
  }
  marks();
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
  const [title, words, state, why] = line.querySelectorAll("strong, .as-typed, .soft, .wrong");
  const [again, discard] = line.querySelectorAll("button");
  const typed = entry.draft.typed.length > 0;
  title.textContent = entry.title;
  words.textContent = entry.words;
  state.textContent = `${clock(entry.at)} · ${word(entry.refused ? "not-sent" : "waiting")}`;
  why.textContent = sentence(entry);
  why.hidden = !why.textContent;
  again.textContent = word(typed ? "mend" : "again");
  again.hidden = !entry.refused;
  again.addEventListener("click", async () => {
    if (typed) {
      mend(entry);
      return location.assign(entry.page);
    }
    await box.change(entry.id, { refused: 0, at: Date.now() });
    await box.send(entry.person);
    await showWaiting();
  });
  discard.addEventListener("click", async () => {
    if (await ask(word("sure-discard"), discard.textContent)) await box.drop(entry.id);
  });
  return line;
}

// What the house said of it, as it said it: beside the fields, or as a page.
function sentence({ refused, said }) {
  const answer = new DOMParser().parseFromString(said || "", "text/html");
  const beside = [...answer.querySelectorAll("main .wrong")].map((each) => each.textContent.trim());
  const whole = beside.length ? beside.join(" ") : answer.querySelector("main h1")?.textContent.trim();
  if (whole) return whole;
  return refused ? word(`refused-${[403, 404, 409, 410].includes(refused) ? refused : 422}`) : "";
}

const show = () => Promise.all([showPocket(), showWaiting()]).catch(() => {});
box.changed(() => showWaiting().catch(() => {}));
show().then(() => document.body.dataset.shown = "");
