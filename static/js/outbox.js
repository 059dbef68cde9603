// What a phone keeps for its person: forms that could not be sent, and pages to read without a network. In IndexedDB,
// under the person's number. Pages import it, and sw.js takes it by importScripts; both find it as `kith`.
self.kith = (() => {
  const PATIENCE = 20000;
  const AGE = 600000;
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

  async function drop(id) {
    await write("outbox", (box) => box.delete(id));
    tell();
  }

  // In order, and by one sender at a time. Where the browser has no locks two may send one thing: its deed is done once.
  // Gives back what became of each: { [id]: { where } or { refused } or { status } }; what is not there was not tried.
  function send(person) {
    const deed = () => sendEach(person);
    return navigator.locks ? navigator.locks.request("kith-outbox", deed) : deed();
  }

  async function sendEach(person) {
    const became = {};
    for (const entry of await waiting(person)) {
      if (entry.refused) continue;
      const answer = await post(entry);
      const status = answer?.status ?? 0;
      const final = answer && status !== 401 && status !== 408 && status !== 429 && status < 500;
      became[entry.id] = { status };
      if (!final) {
        if (!entry.tried) await write("outbox", (box) => box.put({ ...entry, tried: true }));
        tell();
        break;
      }
      if (answer.ok && answer.headers.has("Kith-Location")) {
        became[entry.id].where = answer.headers.get("Kith-Location");
        await drop(entry.id);
      } else {
        became[entry.id].refused = status;
        await write("outbox", (box) => box.put({ ...entry, refused: status }));
        tell();
      }
    }
    return became;
  }

  async function post({ person, action, fields, files }) {
    const body = files ? new FormData() : new URLSearchParams(fields);
    if (files) for (const [name, value] of fields) body.append(name, value);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    try {
      return await fetch(action, { method: "POST", body, headers: { "Kith-Person": person }, signal: patience.signal });
    } catch {
      return null; // no network, or cut before the answer: the same deed goes out again
    } finally {
      clearTimeout(timer);
    }
  }

  async function refresh(person, { anew = false } = {}) {
    const before = await read("pocket", (all) => all.get(person));
    if (!person || (!anew && before?.at > Date.now() - AGE)) return;
    const answer = await fetch("/pocket", { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.status === 401) return here("");
    if (!answer?.ok || answer.headers.get("Kith-Person") !== person) return;
    const pages = await answer.json();
    // who signed out meanwhile has asked for it to be gone
    if ((await who()) === person) await write("pocket", (all) => all.put({ person, at: Date.now(), pages }));
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
    for (const { id } of await waiting(person)) await drop(id);
  }

  return { who, here, waiting, keep, drop, send, refresh, pocket, forget, changed: (deed) => listeners.push(deed) };
})();
