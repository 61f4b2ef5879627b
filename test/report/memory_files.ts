import type { Files } from "../../src/host.ts";

/** Files in memory: texts by path. */
export function memoryFiles(texts: Readonly<Record<string, string | Uint8Array>>, name = "runs/fake"): Files {
  const encoder = new TextEncoder();
  const contents = new Map(
    Object.entries(texts).map(([path, text]) => [path, typeof text === "string" ? encoder.encode(text) : text]),
  );
  return {
    read: (path) => Promise.resolve(contents.get(path)),
    write: (path, bytes) => Promise.resolve(void contents.set(path, bytes)),
    append: () => Promise.reject(new Error("these files are only read")),
    truncate: () => Promise.reject(new Error("these files are only read")),
    list: (folder) => {
      const below = [...contents.keys()].filter((path) => path.startsWith(`${folder}/`));
      return Promise.resolve([...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0]!))].sort());
    },
    describe: (path) => (path === "" ? name : `${name}/${path}`),
  };
}
