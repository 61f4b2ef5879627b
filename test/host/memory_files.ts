import { type Files, openBytes, type OpenFile } from "../../src/host.ts";

/** What {@link MemoryFiles} throws once it has crashed: nothing after it reaches the disk. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** Files in memory, for tests in either host, with the ways in which a disk and a process can fail. */
export class MemoryFiles implements Files {
  readonly #files = new Map<string, Uint8Array>();
  readonly #claims = new Set<string>();
  #changesLeft = Infinity;
  #torn = 0;

  /** How many changes have reached the disk. */
  changes = 0;

  /** Files by path, as texts. */
  static of(texts: Readonly<Record<string, string>>): MemoryFiles {
    const files = new MemoryFiles();
    for (const [path, text] of Object.entries(texts)) files.#files.set(path, new TextEncoder().encode(text));
    return files;
  }

  /**
   * Lets `changes` more changes through; in the next one the process dies. An append then leaves its first `torn` bytes, a
   * write leaves the old file, and everything later throws {@link Crash} too.
   */
  crashAfter(changes: number, torn = 0): void {
    this.#changesLeft = changes;
    this.#torn = torn;
  }

  /** The disk as the next process finds it. */
  restart(): MemoryFiles {
    const files = new MemoryFiles();
    for (const [path, bytes] of this.#files) files.#files.set(path, bytes.slice());
    return files;
  }

  /** Every path with its text, sorted: what two runs must agree on. */
  texts(): Record<string, string> {
    const decoder = new TextDecoder();
    const sorted = [...this.#files].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([path, bytes]) => [path, decoder.decode(bytes)]));
  }

  read(path: string): Promise<Uint8Array | undefined> {
    if (this.#changesLeft < 0) return Promise.reject(new Crash());
    return Promise.resolve(this.#files.get(path)?.slice());
  }

  async open(path: string): Promise<OpenFile | undefined> {
    return openBytes(await this.read(path));
  }

  write(path: string, bytes: Uint8Array): Promise<void> {
    return this.#change(() => this.#files.set(path, bytes.slice()));
  }

  append(path: string, bytes: Uint8Array): Promise<void> {
    return this.#change(() => this.#add(path, bytes), () => this.#add(path, bytes.slice(0, this.#torn)));
  }

  truncate(path: string, length: number): Promise<void> {
    return this.#change(() => this.#files.set(path, this.#bytes(path).slice(0, length)));
  }

  move(from: string, to: string): Promise<void> {
    return this.#change(() => {
      this.#files.set(to, this.#bytes(from));
      this.#files.delete(from);
    });
  }

  claim(path: string): Promise<Disposable | undefined> {
    if (this.#claims.has(path)) return Promise.resolve(undefined);
    this.#claims.add(path);
    return Promise.resolve({ [Symbol.dispose]: () => void this.#claims.delete(path) });
  }

  remove(path: string): Promise<void> {
    return this.#change(() => {
      for (const each of [...this.#files.keys()]) {
        if (each === path || each.startsWith(`${path}/`)) this.#files.delete(each);
      }
    });
  }

  removeFolder(path: string): Promise<void> {
    return this.#change(() => {
      for (const each of [...this.#files.keys()]) if (each.startsWith(`${path}/`)) this.#files.delete(each);
    });
  }

  list(folder: string): Promise<string[]> {
    const prefix = folder === "" ? "" : `${folder}/`;
    const below = [...this.#files.keys()].filter((path) => path.startsWith(prefix));
    return Promise.resolve([...new Set(below.map((path) => path.slice(prefix.length).split("/")[0]!))].sort());
  }

  describe(path: string): string {
    return `memory:${path}`;
  }

  #bytes(path: string): Uint8Array {
    return this.#files.get(path) ?? new Uint8Array();
  }

  #add(path: string, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const before = this.#bytes(path);
    const after = new Uint8Array(before.length + bytes.length);
    after.set(before);
    after.set(bytes, before.length);
    this.#files.set(path, after);
  }

  #change(whole: () => void, torn: () => void = () => {}): Promise<void> {
    if (this.#changesLeft < 0) return Promise.reject(new Crash());
    if (this.#changesLeft === 0) {
      torn();
      this.#changesLeft = -1;
      return Promise.reject(new Crash());
    }
    this.#changesLeft -= 1;
    this.changes += 1;
    whole();
    return Promise.resolve();
  }
}
