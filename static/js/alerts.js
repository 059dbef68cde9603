// Beside a text that has a limit, how long it is; and how much time is left until a moment, counted down.
function measure(place) {
  const field = document.getElementById(place.dataset.lengthOf);
  if (!field) return;
  const length = [...field.value.trim()].length;
  place.textContent = `${length} / ${place.dataset.most}`;
  place.classList.toggle("too-long", length > Number(place.dataset.most));
}

function countDown() {
  for (const place of document.querySelectorAll("[data-left]")) {
    const seconds = Math.max(0, Math.floor((new Date(place.dataset.left) - Date.now()) / 1000));
    place.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}

const measureAll = () => document.querySelectorAll("[data-length-of]").forEach(measure);
document.addEventListener("input", measureAll);
document.addEventListener("htmx:after:swap", countDown);
measureAll();
countDown();
setInterval(countDown, 1000);
