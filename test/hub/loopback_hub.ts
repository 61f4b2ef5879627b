import { createHash } from "node:crypto";
import type { Network } from "../../src/hub/request.ts";
import { readHubSettings } from "../../src/hub/settings.ts";

/** A request as it came. */
export interface Asked {
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
}

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Files that are larger are kept as the hub keeps large ones: elsewhere, by their SHA-256. */
const LARGE = 1000;

/** A repository at a revision. */
interface Published {
  /** Of its page: `owner/name`, or `datasets/owner/name`. */
  readonly page: string;
  readonly revision: string;
  readonly commit: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A hub on this machine, and the other host to which it sends who wants a large file. */
export class LoopbackHub {
  readonly asked: Asked[] = [];
  readonly askedElsewhere: Asked[] = [];
  /** What is answered in place of the next answers. Undefined lets one through. */
  readonly next: (Response | undefined)[] = [];
  /** The connection breaks after so many bytes of a body, as often as there are entries. */
  readonly cuts: number[] = [];
  /** Where large files are; else on the other host. */
  location: ((path: string) => string) | undefined;
  ranges = true;
  readonly #servers: Deno.HttpServer[] = [];
  readonly #published: Published[] = [];
  readonly #blobs = new Map<string, Uint8Array>();
  /** The other host. */
  readonly elsewhere: string;
  readonly url: string;

  /** @param files by their paths, of the model `id` */
  constructor(readonly id: string, readonly files: Map<string, Uint8Array>) {
    this.#published.push({ page: id, revision: "main", commit: COMMIT, files });
    this.elsewhere = this.#serve((request) => {
      this.askedElsewhere.push(askedBy(request));
      return this.#file(request, this.#blobs.get(new URL(request.url).pathname)!);
    });
    this.url = this.#serve((request) => this.#answer(request));
  }

  /** Adds another repository, or another revision of one; gives its commit. A new one takes the place of an old one. */
  publish(page: string, files: ReadonlyMap<string, Uint8Array>, revision = "main"): string {
    const names = JSON.stringify([page, revision, [...files].map(([path, bytes]) => [path, gitName(bytes)])]);
    const commit = createHash("sha1").update(names).digest("hex");
    this.#published.unshift({ page, revision, commit, files });
    return commit;
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.shutdown()));
  }

  /** Its answer to who asks what there is. */
  listing({ page, commit, files } = this.#published.at(-1)!): Record<string, unknown> {
    const siblings = [...files].map(([rfilename, bytes]) => ({
      rfilename,
      size: bytes.length,
      blobId: gitName(bytes),
      ...(bytes.length > LARGE ? { lfs: { sha256: sha256(bytes), size: bytes.length, pointerSize: 134 } } : {}),
    }));
    return { id: page.replace(/^datasets\//, ""), sha: commit, siblings };
  }

  /** A client of it that never waits. Its pauses are in `pauses`. */
  network(variables: Readonly<Record<string, string>> = {}, pauses: number[] = []): Network {
    const settings = readHubSettings((name) => ({ HF_ENDPOINT: this.url, ...variables })[name]);
    const wait = (milliseconds: number) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    };
    return { settings, fetch, wait };
  }

  #serve(handler: (request: Request) => Response): string {
    // Deno would print each connection that a test breaks.
    const onError = () => new Response(null, { status: 500 });
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {}, onError }, (request) => {
      const answer = handler(request);
      // Pages of other origins may ask it, as they may ask the hub.
      answer.headers.set("access-control-allow-origin", "*");
      return answer;
    });
    this.#servers.push(server);
    return `http://127.0.0.1:${server.addr.port}`;
  }

  #answer(request: Request): Response {
    const asked = askedBy(request);
    this.asked.push(asked);
    const instead = this.next.shift();
    if (instead) return instead;
    const path = decodeURIComponent(asked.path);
    const listed = this.#published.find(({ page, revision, commit }) => {
      const kind = page.startsWith("datasets/") ? "" : "models/";
      return [revision, commit].some((name) => path === `/api/${kind}${page}/revision/${name}`);
    });
    if (listed) return Response.json(this.listing(listed));
    for (const { page, commit, files } of this.#published) {
      const prefix = `/${page}/resolve/${commit}/`;
      const file = path.startsWith(prefix) ? path.slice(prefix.length) : "";
      const bytes = files.get(file);
      if (!bytes) continue;
      if (bytes.length <= LARGE) return this.#file(request, bytes);
      const blob = `/blob/${sha256(bytes)}`;
      this.#blobs.set(blob, bytes);
      return new Response(null, {
        status: 302,
        headers: { location: this.location?.(file) ?? `${this.elsewhere}${blob}` },
      });
    }
    return new Response("no", { status: 404 });
  }

  #file(request: Request, bytes: Uint8Array): Response {
    const range = /^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "");
    const start = this.ranges && range ? Number(range[1]) : 0;
    const cut = this.cuts.shift();
    const part = bytes.subarray(start, cut === undefined ? undefined : start + cut);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(part);
        if (cut === undefined) controller.close();
        else setTimeout(() => controller.error(new Error("cut")), 20);
      },
    });
    return new Response(body, { status: start > 0 ? 206 : 200 });
  }
}

/** Git's name of a file. */
function gitName(bytes: Uint8Array): string {
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function askedBy(request: Request): Asked {
  const { pathname } = new URL(request.url);
  return { path: pathname, range: request.headers.get("range"), authorization: request.headers.get("authorization") };
}
