// In the place of the push service, which no test reaches: one subscription a browser, with true keys, that lives as long as it.
(() => {
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "AAECAwQFBgcICQoLDA0ODw" };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (it) => it.charCodeAt(0)).buffer;
  const known = () => JSON.parse(localStorage.getItem("test-subscription"));
  const made = ({ endpoint, key }) => ({
    endpoint, options: { applicationServerKey: bytes(key) },
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => { localStorage.removeItem("test-subscription"); return true; },
  });
  PushManager.prototype.getSubscription = async () => (known() ? made(known()) : null);
  PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
    if (!userVisibleOnly || localStorage.getItem("no-push-service")) throw new DOMException("push service error", "AbortError");
    const number = Number(localStorage.getItem("subscribed") ?? 0) + 1;
    localStorage.setItem("subscribed", number);
    const browser = localStorage.getItem("browser") ?? crypto.randomUUID();
    localStorage.setItem("browser", browser);
    localStorage.setItem("test-subscription", JSON.stringify({ key, endpoint: `https://push.example/${browser}/${number}` }));
    return made(known());
  };
})();
