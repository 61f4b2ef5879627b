import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Failure, messageOf } from "../../src/errors.ts";
import type { Files } from "../../src/host.ts";
import { DenoFiles } from "./deno_files.ts";

const IN_PACKAGE = /^packages\/((?:@[^/]+\/)?[^/@]+)\/(.+)$/;

/** The same files, and below `packages/NAME/` those of a package of npm that deno.json names. It is fetched when its first file is read. */
export function withPackages(files: Files): Files {
  const packages = new Map<string, Promise<Files>>();
  /** Which folder a file is in, and where. */
  const locate = async (path: string): Promise<[Files, string]> => {
    const [, name, rest] = IN_PACKAGE.exec(path) ?? [];
    if (name === undefined) return [files, path];
    const found = packages.get(name) ?? fetchPackage(name);
    packages.set(name, found);
    return [await found, rest!];
  };
  return {
    ...only(files),
    read: (path) => locate(path).then(([inner, at]) => inner.read(at)),
    open: (path) => locate(path).then(([inner, at]) => inner.open(at)),
    list: (path) => locate(path).then(([inner, at]) => inner.list(at)),
    describe(path) {
      const [, name, rest] = IN_PACKAGE.exec(path) ?? [];
      if (name === undefined) return files.describe(path);
      const folder = folderOf(name);
      return folder === undefined ? `${name}/${rest}` : join(folder, rest!);
    },
  };
}

/** What changes files: only of the folder itself. */
function only(files: Files): Pick<Files, "write" | "append" | "truncate"> {
  return {
    write: (path, bytes) => files.write(path, bytes),
    append: (path, bytes) => files.append(path, bytes),
    truncate: (path, length) => files.truncate(path, length),
  };
}

/**
 * Has Deno fetch a package, if it has not. Only the package's description is imported, and none of its code run. Its name is not in the import
 * as it stands, or Deno would fetch it with whatever command imports this file.
 */
async function fetchPackage(name: string): Promise<Files> {
  const description = `${name}/package.json`;
  try {
    await import(description, { with: { type: "json" } });
  } catch (thrown) {
    throw new Failure(`cannot fetch the package ${name} from npm: ${messageOf(thrown)}`);
  }
  const folder = folderOf(name);
  if (folder === undefined) throw new Failure(`Deno does not say where it keeps the package ${name}`);
  return new DenoFiles(folder);
}

/** Where Deno keeps a package; undefined where it has not been fetched. */
function folderOf(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
