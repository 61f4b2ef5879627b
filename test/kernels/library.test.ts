import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as library from "../../kernels/kernels.ts";
import { LIBRARY_FILES } from "../../scripts/kernels/build_library.ts";
import { parseSource } from "../house/source_file.ts";
import { root, StrangersFolder } from "./strangers_folder.ts";

const [moduleFile, typesFile] = LIBRARY_FILES;

let folder: StrangersFolder;
beforeAll(async () => {
  folder = await StrangersFolder.make();
});
afterAll(() => folder?.remove());

describe("the built module", () => {
  it("imports nothing and needs no host's names", async () => {
    const { imports, hostNames } = parseSource(moduleFile, await folder.read(moduleFile));
    expect(imports).toEqual([]);
    expect(hostNames).toEqual([]);
  });

  it("holds files of the kernels and of src/gpu, and no package", async () => {
    const files = [...(await folder.read(moduleFile)).matchAll(/^\/\/ (\S+\.\w+)$/gm)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter((file) => !/^(kernels|src\/gpu)\/|^src\/errors\.ts$/.test(file))).toEqual([]);
  });

  it("exports what kernels.ts does", async () => {
    const built = await import(/* @vite-ignore */ pathToFileURL(join(folder.path, moduleFile)).href);
    expect(Object.keys(built).sort()).toEqual(Object.keys(library).sort());
  });

  it("says what it is, and where Deno finds its types", async () => {
    const { name, version } = JSON.parse(await readFile(join(root, "kernels/deno.json"), "utf8"));
    for (const file of LIBRARY_FILES) {
      expect(await folder.read(file)).toMatch(new RegExp(`^// ${name} ${version}: .*\n// Licence: Apache-2\\.0\n`));
    }
    expect(await folder.read(moduleFile)).toContain(`\n// @ts-self-types="./${typesFile}"\n`);
  });
});

describe("the declarations", () => {
  it("import nothing", async () => {
    const types = await folder.read(typesFile);
    expect(types).not.toMatch(/^\s*import\b|import\(|\bfrom\s+["']|<reference/m);
  });

  it("are complete, fit a strict program against the DOM's types, and refuse a shape that lacks its columns", async () => {
    const config = { compilerOptions: { lib: ["dom", "esnext"], strict: true, noUncheckedIndexedAccess: true } };
    await writeFile(join(folder.path, "deno.json"), JSON.stringify(config));
    await writeFile(join(folder.path, "right.ts"), rightProgram);
    await writeFile(join(folder.path, "wrong.ts"), wrongProgram);
    const right = await folder.deno(["check", "right.ts"]);
    expect(right.stderr).not.toContain("ERROR");
    expect(right.code).toBe(0);
    const wrong = await folder.deno(["check", "wrong.ts"]);
    expect(wrong.stderr.match(/\[ERROR\]/g)).toHaveLength(1);
    expect(wrong.stderr).toContain("Property 'columns' is missing in type '{ rows: number; }'");
  });
});

const rightProgram = `
import { ${Object.keys(library).join(", ")} } from "./${moduleFile}";
import type { Kernel, Plan, RowStats, RowStatsShape, SequenceStatsShape } from "./${moduleFile}";

export const everything: unknown[] = [${Object.keys(library).join(", ")}];

export function plans(device: GPUDevice): Plan[] {
  const shape: RowStatsShape = { rows: 2, columns: 3 };
  const sequences: SequenceStatsShape = { sequences: 2, length: 5, classes: 7, real: "lengths" };
  const kernel: Kernel<RowStatsShape> = rowStats;
  return [kernel.plan(shape, device.limits), sequenceStats.plan(sequences, device.limits)];
}

export function record(device: GPUDevice, logits: GPUBuffer, stats: GPUBuffer): GPUCommandBuffer {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  const [plan] = plans(device);
  new Recorder(device).record(pass, plan!, { logits, stats: { buffer: stats, offset: 256, size: 32 } });
  pass.end();
  return encoder.finish();
}

export async function run(adapter: GPUAdapter, logits: Float32Array): Promise<Float32Array> {
  const gpu = await openDevice(adapter);
  const [bytes] = await runOnArrays(gpu, plans(gpu.device)[0]!, { logits });
  return new Float32Array(bytes!);
}

const first: "least_confidence" = ROW_STATS_COLUMNS[0];
const oracle: RowStats = rowStatsReference([1, 2, 3]);
export const texts: string[] = [first, oracle.entropy.toFixed(3), new KernelError("row_stats", first).kernel];
`;

const wrongProgram = `
import { rowStats } from "./${moduleFile}";
export const plan = (device: GPUDevice) => rowStats.plan({ rows: 2 }, device.limits);
`;
