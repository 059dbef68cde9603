// Where the browser reads codes itself (BarcodeDetector), the camera types into the field below: one road for both.
const place = document.getElementById("camera");
const form = document.getElementById("typed");
const status = place.querySelector("p");
const button = place.querySelector("button");
let stream;

place.hidden = !("BarcodeDetector" in window && navigator.mediaDevices);
button.addEventListener("click", look);
addEventListener("pagehide", shut);

async function look() {
  if (button.ariaBusy) return;
  button.ariaBusy = "true";
  try {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: stream });
    place.append(video);
    status.textContent = place.dataset.looking;
    await video.play();
    form.elements.code.value = await read(detector, video);
    shut();
    form.requestSubmit();
  } catch {
    shut();
    status.textContent = place.dataset.refused;
    button.ariaBusy = null;
  }
}

async function read(detector, video) {
  for (;;) {
    const [found] = await detector.detect(video);
    if (found?.rawValue) return found.rawValue;
    await new Promise((soon) => setTimeout(soon, 200));
  }
}

function shut() {
  stream?.getTracks().forEach((track) => track.stop());
  place.querySelector("video")?.remove();
}
