import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin, Rolldown } from "vite";

const FILE = "licences.txt";
const root = join(import.meta.dirname!, "../..");

/**
 * The packages that a page and its Workers are made of, with the licences that go where they go. The code itself carries none of
 * their hundreds of notes.
 */
export class Licences {
  readonly #folders: Set<string>;

  /** @param folders of packages whose files are passed on as they are */
  constructor(folders: readonly string[] = []) {
    this.#folders = new Set(folders);
  }

  /** For the Workers' builds, which end before the page's. */
  note(): Plugin {
    return { name: "note-licences", generateBundle: (_options, bundle) => this.#add(bundle) };
  }

  /** For the page's build. */
  write(): Plugin {
    const add = (bundle: Rolldown.OutputBundle) => this.#add(bundle);
    const text = () => this.#text();
    return {
      name: "write-licences",
      generateBundle(_options, bundle) {
        add(bundle);
        this.emitFile({ type: "asset", fileName: FILE, source: text() });
      },
    };
  }

  #add(bundle: Rolldown.OutputBundle): void {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
        const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder && renderedLength > 0) this.#folders.add(folder.replace(/^\0/, ""));
      }
    }
  }

  #text(): string {
    const packages = [...this.#folders].map(describe).sort((a, b) => (a.name < b.name ? -1 : 1));
    const parts = packages.map(({ name, version, licence, text }) =>
      `${name} ${version} (${licence})\n\n${text ?? "The Apache License 2.0, whose text ends this file."}`
    );
    return [
      "This page is Pupil, under the Apache License 2.0, whose text ends this file. It is built with these packages:",
      ...parts,
      readFileSync(join(root, "LICENSE"), "utf8"),
    ].map((part) => part.trim()).join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
  }
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Undefined where the package brings none, as some do that are under the Apache licence. */
  readonly text: string | undefined;
}

function describe(folder: string): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e(\.\w+)?$/i.test(each));
  if (file === undefined && license !== "Apache-2.0") {
    throw new Error(`${name} (${license}) brings no licence to pass on`);
  }
  return { name, version, licence: license, text: file && readFileSync(join(folder, file), "utf8") };
}
