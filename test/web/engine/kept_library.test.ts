import { describe, expect, it } from "vitest";
import { KeptLibrary } from "../../../web/engine/kept_library.ts";
import type { OpfsFiles } from "../../../web/host/opfs_files.ts";
import { restlessClock } from "../../experiment/stub_plan.ts";
import { MemoryFiles } from "../../host/memory_files.ts";

/** A page's library, of a tab that has one run open while another tab may have others. */
function openLibrary(own: string | undefined, elsewhere: readonly string[]) {
  const files = MemoryFiles.of({ "runs/a/plan.json": "{}", "runs/b/plan.json": "{}", "looks/b/look-1.bin": "" });
  const held = new Set([own, ...elsewhere].map((folder) => `runs/${folder}`));
  const claim = (path: string) => {
    if (held.has(path)) return Promise.resolve(undefined);
    held.add(path);
    return Promise.resolve({ [Symbol.dispose]: () => held.delete(path) });
  };
  let released = 0;
  const library = new KeptLibrary({
    root: Object.assign(files, { claim }) as unknown as OpfsFiles,
    assets: new MemoryFiles(),
    clock: restlessClock(),
    open: () => Promise.resolve(own),
    release: () => {
      released++;
      return Promise.resolve();
    },
  });
  return { library, files, held, released: () => released };
}

describe("a removal", () => {
  const refused = "another tab of this page runs this. Close it first";

  it("leaves what another tab runs, and this tab's own run goes on", async () => {
    const { library, files, held, released } = openLibrary("a", ["b"]);
    const before = files.texts();
    await expect(library.removeRun("b")).rejects.toThrow(refused);
    await expect(library.clear()).rejects.toThrow(refused);
    expect([files.texts(), released()]).toEqual([before, 0]);
    expect([...held]).toEqual(["runs/a", "runs/b"]);
  });

  it("takes this tab's own run, and those that nobody has open", async () => {
    const { library, files, held, released } = openLibrary("a", []);
    await library.removeRun("b");
    expect(Object.keys(files.texts())).toEqual(["runs/a/plan.json"]);
    expect([[...held], released()]).toEqual([["runs/a"], 1]);
    await library.clear();
    expect([files.texts(), released()]).toEqual([{}, 2]);
  });

  it("of everything gives back what it had claimed where it is refused", async () => {
    const { library, held } = openLibrary(undefined, ["b"]);
    await expect(library.clear()).rejects.toThrow(refused);
    expect(held).not.toContain("runs/a");
  });
});
