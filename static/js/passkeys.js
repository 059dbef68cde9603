// Passkeys: the phone signs what the house asks, the answer goes into the form, and the form is sent like any other.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

// Not the browsers' own parse…FromJSON and toJSON: phones from before 2025 lack them.
async function make(asked) {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: known(asked.excludeCredentials) };
  const made = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = made.response;
  return said(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
}

async function sign(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) };
  const shown = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return said(shown, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : null,
  });
}

function said({ id, rawId, type }, response) {
  return JSON.stringify({ id, rawId: text(rawId), type, response, clientExtensionResults: {} });
}

async function answered(form) {
  const answer = await fetch(form.dataset.passkey, { method: "POST" });
  if (!answer.ok) return location.reload();
  const asked = await answer.json();
  form.elements.answer.value = await ("new" in form.dataset ? make(asked) : sign(asked));
  form.requestSubmit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector("button[type=button]"), trouble = form.querySelector(".wrong[role=alert]");
  form.hidden = false;
  button.addEventListener("click", async () => {
    trouble.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      await answered(form);
    } catch {
      trouble.hidden = false;
      button.removeAttribute("aria-busy");
    }
  });
}
