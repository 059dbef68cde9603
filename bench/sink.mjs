// A push service that answers as it is asked: /{who}/{kind}/{number}. It counts what came, and how often it came too early.
// node bench/sink.mjs CERTIFICATE KEY [ORIGINS]: prints its ports as JSON, then serves until its input ends.
import { readFileSync } from "node:fs";
import { createSecureServer } from "node:http2";

const [certificate, key, origins = "1"] = process.argv.slice(2);
const came = new Map();
const notBefore = new Map();
const kept = new Map();
const topics = new Map();
let early = 0;
let sessions = 0;

const later = (seconds) => new Date(Date.now() + seconds * 1000);

const answers = {
  live: (request, answer) => end(answer, 201),
  kept: (request, answer, { url, body }) => {
    kept.set(url.pathname, { headers: request.headers, version: request.httpVersion, body: body.toString("base64") });
    end(answer, 201);
  },
  gone: (request, answer) => end(answer, 410),
  lost: (request, answer) => end(answer, 404),
  large: (request, answer) => end(answer, 413),
  broken: (request, answer) => end(answer, 500),
  sick: (request, answer, { times }) => end(answer, times > 1 ? 201 : 500),
  busy: (request, answer, { times, url }) => {
    if (times > 1) return end(answer, 201);
    const seconds = Number(url.searchParams.get("seconds") ?? 1);
    notBefore.set(url.pathname, Date.now() + seconds * 1000);
    end(answer, 429, { "retry-after": url.searchParams.has("date") ? later(seconds).toUTCString() : String(seconds) });
  },
  moved: (request, answer, { url }) => {
    const status = Number(url.searchParams.get("status") ?? 307);
    end(answer, status, { location: url.searchParams.get("to") ?? url.pathname.replace("/moved/", "/trap/") });
  },
  trap: (request, answer) => end(answer, 201),
  slow: (request, answer, { url }) => setTimeout(() => end(answer, 201), Number(url.searchParams.get("ms"))),
  hang: () => {},
  talks: (request, answer) => {
    answer.writeHead(201);
    const timer = setInterval(() => answer.write("x".repeat(1024)), 5);
    answer.on("close", () => clearInterval(timer));
  },
  reset: (request, answer) => (answer.stream ? answer.stream.close(2) : request.socket.destroy()),
  cut: (request) => (request.stream?.session ?? request.socket).destroy(),
};

function end(answer, status, headers = {}) {
  answer.writeHead(status, headers);
  answer.end();
}

function serve(request, answer) {
  const url = new URL(request.url, "https://here");
  if (request.method === "GET") {
    const told = { came: Object.fromEntries(came), kept: Object.fromEntries(kept), topics: Object.fromEntries([...topics].map(([path, some]) => [path, [...some]])), early, sessions };
    answer.writeHead(200, { "content-type": "application/json" });
    return answer.end(JSON.stringify(told));
  }
  const times = (came.get(url.pathname) ?? 0) + 1;
  came.set(url.pathname, times);
  topics.set(url.pathname, (topics.get(url.pathname) ?? new Set()).add(request.headers.topic));
  if (Date.now() < (notBefore.get(url.pathname) ?? 0)) early += 1;
  const pieces = [];
  request.on("data", (piece) => pieces.push(piece));
  request.on("error", () => {});
  answer.on("error", () => {});
  request.on("end", () => {
    const kind = answers[url.pathname.split("/")[2]] ?? answers.lost;
    kind(request, answer, { url, times, body: Buffer.concat(pieces) });
  });
}

const tls = { cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: true, settings: { maxConcurrentStreams: 100 } };
const ports = await Promise.all(
  Array.from({ length: Number(origins) }, () => new Promise((known) => {
    const server = createSecureServer(tls, serve);
    server.on("session", (session) => { sessions += 1; session.on("error", () => {}); });
    server.on("sessionError", () => {});
    server.on("tlsClientError", () => {});
    server.listen(0, () => known(server.address().port));
  })),
);
console.log(JSON.stringify(ports));
process.stdin.resume().on("end", () => process.exit());
