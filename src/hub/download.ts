import { Failure, messageOf, stopIfAborted } from "../errors.ts";
import type { RunningHash } from "../hash.ts";
import type { CacheFiles } from "./cache_files.ts";
import type { HubFile } from "./listing.ts";
import { type Network, request } from "./request.ts";
import { type HashName, runningHash } from "./running_hash.ts";

/** Bytes that are written at a time. */
const PART = 2 ** 23;
/** How often a connection may break without a byte having come. */
const MOST_BREAKS = 5;
const PAUSE = 1000;

/** What a file is called until it is there whole. */
export function partOf(path: string): string {
  return `${path}.part`;
}

/**
 * Fetches a file, from where an earlier try broke off. It is there, whole and checked, once this resolves; before, it has another name.
 *
 * @param report told how many bytes are there
 * @throws Failure where it is not what the listing says; nothing is left of it then
 * @throws Failure where the connection breaks again and again; what has come is kept for the next try
 */
export async function download(
  network: Network,
  files: CacheFiles,
  address: URL,
  file: HubFile,
  target: string,
  report: (bytes: number) => void,
): Promise<void> {
  const partial = new Partial(files, partOf(target), file, network.hash ?? runningHash);
  await partial.open();
  report(partial.size);
  for (let breaks = 0; partial.size < file.size;) {
    const before = partial.size;
    const response = await request(network, address, before === 0 ? {} : { range: `bytes=${before}-` });
    if (response.status === 200 && before > 0) await partial.clear();
    let why = "it ends too early";
    try {
      await partial.take(response, report);
    } catch (thrown) {
      stopIfAborted(network.signal);
      if (thrown instanceof Failure) throw thrown;
      why = messageOf(thrown);
    }
    if (partial.size === file.size) break;
    breaks = partial.size > before ? 0 : breaks + 1;
    if (breaks > MOST_BREAKS) throw new Failure(`the connection to ${address.host} breaks: ${why}`);
    await network.wait(PAUSE);
  }
  await partial.finish(target);
}

/** A file on its way. */
class Partial {
  size = 0;
  #hash: RunningHash;

  constructor(
    readonly files: CacheFiles,
    readonly path: string,
    readonly file: HubFile,
    readonly hash: (name: HashName) => RunningHash,
  ) {
    this.#hash = this.#begun();
  }

  /** Takes up what an earlier try has left. */
  async open(): Promise<void> {
    using left = await this.files.open(this.path);
    if (!left) return;
    if (left.size > this.file.size) return await this.clear();
    for (; this.size < left.size; this.size = Math.min(this.size + PART, left.size)) {
      this.#hash.add(await left.read(this.size, Math.min(this.size + PART, left.size)));
    }
  }

  async clear(): Promise<void> {
    await this.files.truncate(this.path, 0);
    this.size = 0;
    this.#hash = this.#begun();
  }

  /** @throws whatever breaks the connection, after what came before was written */
  async take(response: Response, report: (bytes: number) => void): Promise<void> {
    let held: Uint8Array[] = [];
    let length = 0;
    const write = async () => {
      const bytes = joined(held, length);
      [held, length] = [[], 0];
      await this.files.append(this.path, bytes);
      this.#hash.add(bytes);
      this.size += bytes.length;
      report(this.size);
    };
    const reader = response.body?.getReader();
    if (!reader) throw new Error("the answer has no body");
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        held.push(value);
        length += value.length;
        if (this.size + length > this.file.size) {
          await reader.cancel();
          [held, length] = [[], 0];
          await this.#refuse("is longer than the hub says");
        }
        if (length >= PART) await write();
      }
    } finally {
      if (length > 0) await write();
    }
  }

  async finish(target: string): Promise<void> {
    // An empty file was never asked for.
    if (this.size === 0) await this.files.write(this.path, new Uint8Array());
    const digits = this.#hash.digits();
    if (digits !== this.file.hash.digits) {
      await this.#refuse(`has the hash ${digits}, where the hub says ${this.file.hash.digits}`);
    }
    await this.files.move(this.path, target);
  }

  async #refuse(why: string): Promise<never> {
    await this.files.remove(this.path);
    throw new Failure(`${this.file.path}, as it was fetched, ${why}. It was removed; try again`);
  }

  #begun(): RunningHash {
    const { hash, size } = this.file;
    if (hash.kind === "sha256") return this.hash("sha256");
    const running = this.hash("sha1");
    running.add(new TextEncoder().encode(`blob ${size}\0`));
    return running;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
