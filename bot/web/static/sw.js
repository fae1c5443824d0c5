/**
 * Keeps the page itself on the device, so that it opens without a network.
 *
 * Only the shell: never what anybody said, never photos. It is served from the device at once and renewed as a whole
 * when the page asks for it, so that files of two versions never meet.
 */

const SHELL = "jishiyu-shell";
const FILES = [
  "/",
  ...[
    "app.js",
    "bus.js",
    "capture.js",
    "composer.js",
    "device.js",
    "door.js",
    "icon.svg",
    "line.js",
    "manifest.webmanifest",
    "pending.js",
    "seen.js",
    "session.js",
    "shown.js",
    "style.css",
    "view.js",
    "wire.js",
    "words.js",
  ].map((name) => `/static/${name}`),
];

/** Fetches everything first and puts it away only when everything has come. */
async function renew() {
  const responses = await Promise.all(FILES.map((file) => fetch(file, { cache: "no-cache" })));
  if (responses.some((response) => !response.ok)) throw new Error("the shell is not complete");
  const cache = await caches.open(SHELL);
  await Promise.all(FILES.map((file, place) => cache.put(file, responses[place])));
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(renew());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (event.data === "renew") event.waitUntil(renew().catch(() => undefined)); // no network: the next opening asks again
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const file = request.mode === "navigate" && url.pathname === "/" ? "/" : url.pathname;
  if (request.method !== "GET" || url.origin !== location.origin || !FILES.includes(file)) return;
  event.respondWith(caches.match(file, { cacheName: SHELL }).then((kept) => kept || fetch(request)));
});
