/**
 * Keeps every file of one build, so that the page opens without a network; those of large models once they were fetched. The next build's script differs, for it names that build:
 * the browser installs it beside this one, it stores its files, and waits until no page runs this one.
 *
 * Where the person asks for it before, it only drops the files of other versions: the script that is active, of whichever version,
 * answers with what is stored. It is not made the active one (`skipWaiting`), for that is not sure to happen: where a request
 * comes while Chromium ends the old script, it starts that again and leaves it for half a minute, or for good.
 */

/** Put before this script by the build, `web/build/offline.ts`. */
declare const BUILD: {
  /** A hash of all the files. */
  readonly version: string;
  /** Paths relative to index.html. `integrity` is there where no host changes the bytes on the way. */
  readonly files: readonly { readonly path: string; readonly integrity?: string }[];
  /** What is below this folder is kept when it is first fetched. */
  readonly fetchedLater: string;
};
declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
/** Other copies of Pupil on the same origin, in other folders, share the caches. */
const ours = `pupil ${scope} `;
const cacheName = ours + BUILD.version;

self.addEventListener("install", (event) => event.waitUntil(store()));
self.addEventListener("activate", (event) => event.waitUntil(dropOtherVersions()));

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(scope)) event.respondWith(answer(event.request));
});

self.addEventListener("message", (event) => {
  const [port] = event.ports;
  if (event.data === "take over" && port) event.waitUntil(takeOver(port));
});

/** The page by the address of its folder: some hosts redirect index.html, and no navigation may be answered with a redirect. */
function addressOf(path: string): string {
  return pageOr(new URL(path, scope).href);
}

function pageOr(address: string): string {
  return address === `${scope}index.html` ? scope : address;
}

async function store(): Promise<void> {
  const cache = await caches.open(cacheName);
  try {
    await cache.addAll(BUILD.files.map(({ path, integrity }) =>
      new Request(addressOf(path), {
        // The name of an asset has its hash; of others the browser may hold the last version.
        cache: path.startsWith("assets/") ? "default" : "no-cache",
        ...(integrity === undefined ? {} : { integrity }),
      })
    ));
  } catch (thrown) {
    await caches.delete(cacheName);
    throw thrown;
  }
}

async function dropOtherVersions(): Promise<void> {
  await Promise.all((await otherVersions()).map((name) => caches.delete(name)));
}

/** Their caches. Other pages of this origin may have some too, which are none of ours. */
async function otherVersions(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(ours) && name !== cacheName);
}

async function answer(request: Request): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  // What follows a ? or # in the page's address is for the page.
  const address = pageOr(origin + pathname);
  const lookIn = (name: string) => caches.match(address, { cacheName: name, ignoreVary: true });
  const own = await lookIn(cacheName);
  if (own) return own;
  // They are gone where a newer version was asked for.
  for (const name of await otherVersions()) {
    const newer = await lookIn(name);
    if (newer) return newer;
  }
  // A browser short of space may have taken all away.
  const response = await fetch(request);
  if (response.ok && address.startsWith(scope + BUILD.fetchedLater)) await keep(address, response.clone());
  return response;
}

/** For use offline, if the browser has the space; with the files of a newer version where that has taken over. */
async function keep(address: string, response: Response): Promise<void> {
  try {
    const kept = await caches.has(cacheName) ? cacheName : (await otherVersions())[0] ?? cacheName;
    await (await caches.open(kept)).put(address, response);
  } catch {
    // The page has its answer all the same.
  }
}

/** Has the version before this one answer with this one's files, unless a page besides the one that asks still runs on it. */
async function takeOver(answerTo: MessagePort): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = windows.filter(({ url }) => url.startsWith(scope)).length <= 1;
  if (alone) await dropOtherVersions();
  answerTo.postMessage(alone);
}
