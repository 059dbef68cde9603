// What a phone keeps for its person: forms that could not be sent, and pages to read without a network. In IndexedDB,
// under the person's number. Pages import it, and sw.js takes it by importScripts; both find it as `kith`.
self.kith = (() => {
  const PATIENCE = 20000; // ms
  const SLOWEST = 8; // bytes a ms: what is large is waited for longer
  const KNOWN = 6 * 24 * 3600 * 1000; // as long as the house surely knows a deed again
  const OLD = 410;
  const AGE = 600000;
  const IN_AN_ALERT = 60000;
  const said = "BroadcastChannel" in self ? new BroadcastChannel("kith") : { postMessage() {}, addEventListener() {} };
  const listeners = [];
  said.onmessage = () => listeners.forEach((each) => each());

  function open() {
    return new Promise((done, fail) => {
      const asked = indexedDB.open("kith", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("outbox", { keyPath: "id", autoIncrement: true });
        asked.result.createObjectStore("pocket", { keyPath: "person" });
        asked.result.createObjectStore("notes");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }

  // Done when it is written, not before: a phone may be switched off in the next moment.
  async function at(store, mode, deed) {
    const base = await open();
    try {
      return await new Promise((done, fail) => {
        const work = base.transaction(store, mode, mode === "readwrite" ? { durability: "strict" } : undefined);
        const asked = deed(work.objectStore(store));
        work.oncomplete = () => done(asked?.result);
        work.onabort = work.onerror = () => fail(work.error);
      });
    } finally {
      base.close();
    }
  }

  const read = (store, deed) => at(store, "readonly", deed);
  const write = (store, deed) => at(store, "readwrite", deed);

  function tell() {
    said.postMessage("changed");
    listeners.forEach((each) => each());
  }

  // Who is signed in on this phone, as the last page from the house said. Nobody ("") hides a pocket, another removes it.
  const who = async () => (await read("notes", (notes) => notes.get("person"))) ?? "";
  async function here(person) {
    if ((await who()) !== person) await write("notes", (notes) => notes.put(person, "person"));
    if (!person) return;
    const others = (await read("pocket", (all) => all.getAllKeys())).filter((each) => each !== person);
    for (const each of others) await write("pocket", (all) => all.delete(each));
  }

  async function waiting(person) {
    const all = person ? await read("outbox", (box) => box.getAll()) : [];
    return all.filter((each) => each.person === person);
  }

  async function keep(entry) {
    const id = await write("outbox", (box) => box.add(entry));
    tell();
    return id;
  }

  async function drop(...ids) {
    await write("outbox", (box) => ids.forEach((id) => box.delete(id)));
    tell();
  }

  const entry = (id) => read("outbox", (box) => box.get(id));

  // What was taken back meanwhile stays away.
  async function change(id, more) {
    await write("outbox", (box) => {
      const asked = box.get(id);
      asked.onsuccess = () => asked.result && box.put({ ...asked.result, ...more });
    });
    tell();
  }

  // In order, and by one sender at a time. Where the browser has no locks two may send one thing: its deed is done once.
  // Gives back what became of each: { where }, { refused, said } or { again }; what is not there was not tried. A sender
  // that sleeps with the lock in its hand (a frozen tab) holds up nobody for longer than a moment of patience.
  async function send(person) {
    const deed = () => sendEach(person);
    if (!navigator.locks) return (turn = turn.then(deed, deed));
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), PATIENCE);
    try {
      return await navigator.locks.request("kith-outbox", { signal: given.signal }, () => (clearTimeout(timer), deed()));
    } catch (trouble) {
      if (given.signal.aborted) return {};
      throw trouble;
    }
  }
  let turn = Promise.resolve();

  // An entry leaves when the house has said that it stored it, and for no other reason. What the house could not take now
  // waits, and so does what follows it at that address: an older answer must not come after a newer one.
  async function sendEach(person) {
    const became = {};
    const shut = new Set();
    const broken = [];
    for (const { id } of await waiting(person)) {
      const now = await entry(id);
      if (!now || now.refused || shut.has(now.action)) continue;
      const old = now.tried && now.at < Date.now() - KNOWN;
      const answer = old ? { status: OLD } : await post(now);
      const { status } = answer;
      became[id] = answer;
      if (answer.where !== undefined) {
        await drop(id, ...(now.instead ? [now.instead] : []));
        // broke there before, and is older than what was taken now: not by itself any more
        for (const before of broken) if (before.action === now.action) await change(before.id, { refused: 500 });
      } else if (answer.again) {
        await change(id, { tried: true, said: answer.said ?? "" });
        if (status === 500) broken.push(now);
        else if (status > 401) shut.add(now.action);
        else if (status || !now.size) break; // nobody there, or another person; what is large may only have taken too long
      } else {
        answer.refused = status;
        await change(id, { tried: true, refused: status, said: answer.said ?? "" });
      }
    }
    return became;
  }

  // Whoever answers in our stead (a café's sign-in page, a proxy) has stored nothing: then nobody is there.
  async function post({ person, action, fields, files, size, at: pressed }) {
    const body = files ? new FormData() : new URLSearchParams(fields);
    if (files) for (const [name, value] of fields) body.append(name, value);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE + size / SLOWEST);
    try {
      const headers = { "Kith-Person": person, "Kith-Age": String(Math.max(0, Math.round((Date.now() - pressed) / 1000))) };
      const answer = await fetch(action, { method: "POST", body, headers, redirect: "error", signal: patience.signal });
      const { status } = answer;
      if (answer.headers.get("Kith-Answer") !== person) return { status: 0, again: true };
      if (answer.ok && answer.headers.has("Kith-Location")) return { status, where: answer.headers.get("Kith-Location") };
      const again = [401, 408, 429].includes(status) || status >= 500 || answer.headers.has("Retry-After");
      return { status, again, said: await answer.text() };
    } catch {
      return { status: 0, again: true }; // no network, or cut before the answer: the same deed goes out again
    } finally {
      clearTimeout(timer);
    }
  }

  // `alert` is what Home shows now, where it is known: what the phone keeps follows at once.
  const alertIn = (kept) => kept?.pages.find(({ path }) => path === "/")?.html.match(/data-alert="(\d+)"/)?.[1] ?? "";
  async function refresh(person, { anew = false, alert } = {}) {
    const before = await read("pocket", (all) => all.get(person));
    const kept = alertIn(before);
    const { lang } = document.documentElement;
    const fresh = before?.at > Date.now() - (kept ? IN_AN_ALERT : AGE) && before.lang === lang && (alert ?? kept) === kept;
    if (!person || (!anew && fresh)) return;
    const answer = await fetch("/pocket", { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
    if (answer?.status === 401 && answer.headers.has("X-Request-Id")) return here("");
    if (!answer?.ok || answer.headers.get("Kith-Person") !== person) return;
    const pages = await answer.json();
    // who signed out meanwhile has asked for it to be gone
    if ((await who()) === person) await write("pocket", (all) => all.put({ person, lang, at: Date.now(), pages }));
  }

  // What has had its time is not shown, and is gone from the phone.
  async function pocket(person) {
    const kept = person && (await read("pocket", (all) => all.get(person)));
    if (!kept) return null;
    const pages = kept.pages.filter(({ until }) => !until || Date.parse(until) > Date.now());
    if (pages.length < kept.pages.length) await write("pocket", (all) => all.put({ ...kept, pages }));
    return { at: kept.at, pages };
  }

  async function forget(person) {
    await here("");
    await write("pocket", (all) => all.delete(person));
    await drop(...(await waiting(person)).map(({ id }) => id));
  }

  return { who, here, waiting, entry, keep, change, drop, send, post, refresh, pocket, forget, changed: (deed) => listeners.push(deed) };
})();
