// npm's web-push, 100 at once, over some of the phones (those that hang left out); prints what it cost as JSON.
// node bench/push/web_push.mjs FOLDER WHO NUMBER
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import webPush from "web-push";

const [folder, who, number] = process.argv.slice(2);
const ports = JSON.parse(readFileSync(`${folder}/ports.json`));
const payload = readFileSync(`${folder}/payload.json`, "utf8");
const phones = JSON.parse(readFileSync(`${folder}/phones.json`)).filter((each) => each.kind !== "hang").slice(0, number);
const jwk = createPrivateKey(readFileSync(`${folder}/vapid.pem`)).export({ format: "jwk" });
const point = Buffer.concat([Buffer.from([4]), Buffer.from(jwk.x, "base64url"), Buffer.from(jwk.y, "base64url")]);
webPush.setVapidDetails("mailto:admin@example.org", point.toString("base64url"), jwk.d);

const begun = process.cpuUsage(), at = performance.now();
let next = 0;
await Promise.all(Array.from({ length: 100 }, async () => {
  while (next < phones.length) {
    const { service, kind, number, p256dh, auth } = phones[next++];
    const endpoint = `https://localhost:${ports[service]}/${who}/${kind}/${number}`;
    try {
      await webPush.sendNotification({ endpoint, keys: { p256dh, auth } }, payload, { TTL: 3600, urgency: "high" });
    } catch (error) {
      if (!error.statusCode) throw error;
    }
  }
}));
const { user, system } = process.cpuUsage(begun);
console.log(JSON.stringify({ messages: phones.length, cpu: (user + system) / 1e6, seconds: (performance.now() - at) / 1e3 }));
