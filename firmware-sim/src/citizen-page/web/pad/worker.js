// The page without a network: everything it is made of is kept at the first load and given from there. A newer page is fetched beside it
// and takes its place when no citizen is there (main.ts).

/** Filled in when the page is built: its files, and a fingerprint of them. */
const FILES = JSON.parse("__FILES__");
const KEPT = "__FINGERPRINT__";

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const kept = await caches.open(KEPT);
      await kept.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

/** All windows have one page; it reads its window from its address. */
const fileFor = ({ mode, url }) => {
  const { pathname } = new URL(url);
  return mode === "navigate" && pathname.startsWith("/window/") ? "/page" : pathname;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const file = fileFor(request);
  if (request.method !== "GET" || !FILES.includes(file)) return;
  event.respondWith(caches.match(file).then((kept) => kept ?? fetch(request)));
});
