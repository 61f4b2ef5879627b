import { join } from "node:path";
import { listenFrom } from "../../cli/serve/listen.ts";
import { type PageFile, type PageFiles, readPage } from "../../cli/serve/page_files.ts";

const root = join(import.meta.dirname!, "../..");
const page = join(root, "web/dist");
const lock = join(root, "node_modules/.pupil-page-lock");
const sources = ["web", "src", "kernels", "configs", "data", "models", "deno.json", "deno.lock"];

/** The built page's files; it is built first where its sources are newer, once, however many test files ask. */
export function builtPage(): Promise<PageFiles> {
  return locked(async () => {
    if (await isStale()) await build();
    return await readPage(page);
  });
}

export interface ServedPage {
  /** Ends with a slash. */
  readonly url: string;
  /** What is served; a test may put other files in their place. */
  readonly files: Map<string, PageFile>;
  close(): Promise<void>;
}

/** Serves the built page to this machine as `./pupil serve` does, or from a folder below, such as `some/folder/`. */
export async function servePage(folder = ""): Promise<ServedPage> {
  const files = new Map([...await builtPage()].map(([path, file]) => [folder + path, file]));
  const stopping = new AbortController();
  const { url, finished } = listenFrom(0, "127.0.0.1", files, stopping.signal);
  const close = async () => {
    stopping.abort();
    await finished;
  };
  return { url: url + folder, files, close };
}

async function build(): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--config", join(root, "deno.json"), "--frozen", "-A", "web/build/build_page.ts"],
    cwd: root,
    stdin: "null",
  }).output();
  if (!success) throw new Error(`the page could not be built:\n${new TextDecoder().decode(stderr)}`);
}

async function isStale(): Promise<boolean> {
  const built = await changed(join(page, "index.html"));
  if (built === undefined) return true;
  for (const source of sources) if (await newest(join(root, source)) > built) return true;
  return false;
}

async function newest(path: string): Promise<number> {
  if (path === page) return 0;
  const info = await Deno.stat(path);
  if (!info.isDirectory) return info.mtime!.getTime();
  const below: number[] = [];
  for await (const { name } of Deno.readDir(path)) below.push(await newest(join(path, name)));
  return Math.max(0, ...below);
}

async function changed(path: string): Promise<number | undefined> {
  return await Deno.stat(path).then(({ mtime }) => mtime!.getTime(), () => undefined);
}

/** Runs `work` while no other test process does. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  while (!await Deno.mkdir(lock).then(() => true, () => false)) {
    const since = await changed(lock);
    // Left by a process that was killed.
    if (since !== undefined && Date.now() - since > 120_000) await Deno.remove(lock).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    await Deno.remove(lock);
  }
}
