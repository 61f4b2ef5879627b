import { basename, dirname, join } from "node:path";
import { InputError } from "../../src/errors.ts";
import { type Files, readText } from "../../src/host.ts";
import { type ResolvedPlan, resolvePlan } from "../../src/config/plan.ts";
import { assets } from "../host/assets.ts";
import { readInputFile } from "../host/input_file.ts";

/**
 * Resolves a config file with overrides. Configs that it names are looked for beside it, then among the project's own.
 *
 * @throws InputError for anything wrong in it
 */
export async function resolveConfig(path: string, overrides: readonly string[], cwd: string): Promise<ResolvedPlan> {
  const source = textOf(await readInputFile(path, cwd), path);
  const own = (name: string) => readText(assets, `configs/${name}.yaml`);
  return await resolvePlan({
    source,
    file: basename(path),
    overrides,
    load: async (name) => (await beside(path, name, cwd)) ?? (await own(name)),
    configNames: await configNames(assets),
    now: new Date(),
  });
}

/** Resolves one of the project's own configs. */
export async function resolveOwnConfig(name: string): Promise<ResolvedPlan> {
  const load = (other: string) => readText(assets, `configs/${other}.yaml`);
  return await resolvePlan({ source: (await load(name))!, file: `${name}.yaml`, overrides: [], load, now: new Date() });
}

async function beside(path: string, name: string, cwd: string): Promise<string | undefined> {
  try {
    const file = join(dirname(path), `${name}.yaml`);
    return textOf(await readInputFile(file, cwd), file);
  } catch (thrown) {
    if (thrown instanceof InputError && thrown.message.endsWith("no such file")) return undefined;
    throw thrown;
  }
}

/** The names that a `defaults` list may give, such as `al_cls` and `data/mail`. */
async function configNames(files: Files): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await files.list("configs")) {
    if (entry.endsWith(".yaml")) names.push(entry.slice(0, -5));
    else {
      for (const inner of await files.list(`configs/${entry}`)) {
        if (inner.endsWith(".yaml")) names.push(`${entry}/${inner.slice(0, -5)}`);
      }
    }
  }
  return names;
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${path}: not UTF-8. Save it as UTF-8 and try again`);
  }
}
