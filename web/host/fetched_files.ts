import { array, safeParse, string } from "valibot";
import { Failure } from "../../src/errors.ts";
import { type Files, openBytes, type OpenFile } from "../../src/host.ts";

/** The list of all files, beside them. */
const LIST = "files.json";

/**
 * The project's files as the page's own server, or the cache that works without a connection, gives them. Only read. Which ones there
 * are is said by `files.json`, a list of paths, since a server has no listings; a file that is not in it is not asked for.
 */
export class FetchedFiles implements Files {
  #paths: Promise<readonly string[]> | undefined;
  readonly #ahead = new Map<string, Promise<Uint8Array | undefined>>();

  /** @param base the address of the folder, with a slash at its end */
  constructor(readonly base: URL, readonly request: (url: URL) => Promise<Response> = (url) => fetch(url)) {}

  describe(path: string): string {
    return this.#url(path).href;
  }

  /** Begins to fetch what will be read soon. The next {@link read} takes it, or tries again where it failed. */
  fetchAhead(path: string): void {
    const bytes = this.#fetch(path);
    bytes.catch(() => {});
    this.#ahead.set(path, bytes);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    if (!(await this.#listed()).includes(path)) return undefined;
    const bytes = await this.#take(path);
    if (bytes && path.endsWith(".gz") && !(bytes[0] === 0x1f && bytes[1] === 0x8b)) {
      throw new Failure(
        `${this.describe(path)} arrived unpacked. The server must send .gz files as they are, without Content-Encoding`,
      );
    }
    return bytes;
  }

  async open(path: string): Promise<OpenFile | undefined> {
    return openBytes(await this.read(path));
  }

  async list(folder: string): Promise<string[]> {
    const prefix = folder === "" ? "" : `${folder}/`;
    const below = (await this.#listed()).filter((path) => path.startsWith(prefix));
    return [...new Set(below.map((path) => path.slice(prefix.length).split("/")[0]!))].sort();
  }

  write(path: string): Promise<void> {
    return this.#refuse(path);
  }

  append(path: string): Promise<void> {
    return this.#refuse(path);
  }

  truncate(path: string): Promise<void> {
    return this.#refuse(path);
  }

  #refuse(path: string): Promise<never> {
    return Promise.reject(new Error(`${this.describe(path)} is only read`));
  }

  #listed(): Promise<readonly string[]> {
    // What failed, for want of a connection perhaps, is tried again.
    this.#paths ??= this.#readList().catch((thrown) => {
      this.#paths = undefined;
      throw thrown;
    });
    return this.#paths;
  }

  async #readList(): Promise<readonly string[]> {
    const bytes = await this.#fetch(LIST);
    if (!bytes) throw new Failure(`${this.describe(LIST)} is missing, though it comes with the page`);
    const result = safeParse(array(string()), parsed(bytes));
    if (result.success) return result.output;
    throw new Failure(`${this.describe(LIST)} is not a list of paths. Build the page again, or ask who hosts it`);
  }

  #take(path: string): Promise<Uint8Array | undefined> {
    const ahead = this.#ahead.get(path);
    this.#ahead.delete(path);
    return ahead?.catch(() => this.#fetch(path)) ?? this.#fetch(path);
  }

  async #fetch(path: string): Promise<Uint8Array | undefined> {
    const url = this.#url(path);
    let response: Response;
    try {
      response = await this.request(url);
      if (response.status === 404) return undefined;
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new Failure(
        `cannot fetch ${url.href}: there is no connection, and it is not kept for use without one. Connect once and reload the page`,
      );
    }
    throw new Failure(`cannot fetch ${url.href}: the server answered ${response.status} ${response.statusText}`.trim());
  }

  #url(path: string): URL {
    return new URL(path.split("/").map(encodeURIComponent).join("/"), this.base);
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
