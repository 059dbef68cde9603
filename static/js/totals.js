// What stands in sight and changes all the time is also told to whoever does not see it: seldom, and only when it is new.
const SELDOM = 15000; // ms
const places = () => [...document.querySelectorAll("[data-totals]")];
const words = ({ dataset }) => document.querySelector(dataset.totals)?.textContent.trim().replace(/\s+/g, " ") ?? "";
const heard = new WeakMap(places().map((place) => [place, words(place)]));

setInterval(() => {
  for (const place of places()) {
    const now = words(place);
    if (now && now !== heard.get(place)) place.textContent = now;
    heard.set(place, now);
  }
}, SELDOM);
