import { type Files, openBytes } from "../../src/host.ts";
import type { ArchiveEntry } from "./archive_entry.ts";

/** The files of an archive, only read, with the archive's name in messages. */
export function entryFiles(entries: readonly ArchiveEntry[], name: string): Files {
  const byPath = new Map(entries.map(({ path, bytes }) => [path, bytes]));
  const refuse = () => Promise.reject(new Error(`${name} is only read`));
  return {
    read: (path) => Promise.resolve(byPath.get(path)),
    open: (path) => Promise.resolve(openBytes(byPath.get(path))),
    write: refuse,
    append: refuse,
    truncate: refuse,
    list: (folder) => {
      const prefix = folder === "" ? "" : `${folder}/`;
      const below = [...byPath.keys()].filter((path) => path.startsWith(prefix));
      return Promise.resolve([...new Set(below.map((path) => path.slice(prefix.length).split("/")[0]!))].sort());
    },
    describe: (path) => (path === "" ? name : `${name}: ${path}`),
  };
}
