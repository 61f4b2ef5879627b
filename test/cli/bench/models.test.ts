import { describe, expect, it } from "vitest";
import type { ModelShape } from "../../../bench/models/model_shape.ts";
import { scoring } from "../../../bench/models/scoring.ts";
import { training } from "../../../bench/models/training.ts";
import { modelBench, type Peer } from "../../../cli/bench/models.ts";
import { Registry } from "../../../src/registry.ts";
import { FakeIo } from "../fake_io.ts";

const tiny: ModelShape = { name: "1x16", layers: 1, hidden: 16, heads: 2, length: 8, batch: 2, vocabulary: 50 };
const shapes = new Registry<ModelShape>("shape", [tiny]);
const options = { names: ["1x16"], quick: true, json: false, kernels: false, adapter: undefined, software: true };

describe("the benches of models", () => {
  it("print one JSON document, and tell of each shape on stderr", async () => {
    const asked: unknown[] = [];
    const peer: Peer = (_gpu, wanted, seconds) => {
      asked.push([wanted, seconds]);
      const rows = [{ shape: [1, 16, 2, 8, 2, 50], ms: 2.5 }];
      return Promise.resolve({ version: "2.5.1", device: "cpu", threads: 2, rows });
    };
    const io = new FakeIo();
    await modelBench(training, peer, shapes).run({ ...options, json: true }, io);
    const { adapter, rows, torch } = JSON.parse(io.stdout);
    expect(io.stderr).toBe(
      `measuring a step of 1x16 on ${adapter}, a software adapter\n` +
        `1x16: ${rows[0].ratio.toFixed(2)} times faster than stock\n`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ shape: [1, 16, 2, 8, 2, 50], torch_ms: 2.5 });
    for (const field of ["ours_ms", "stock_ms", "ratio", "kernel_calls", "peak_bytes"]) {
      expect(rows[0][field], field).toBeGreaterThan(0);
    }
    expect(torch).toEqual({ version: "2.5.1", device: "cpu", threads: 2 });
    expect(asked).toEqual([[[tiny], 4]]);
  });

  it("print a table, with the kernels below it where they are asked for", async () => {
    const io = new FakeIo(false, "/nowhere", 120);
    await modelBench(scoring, undefined, shapes).run({ ...options, kernels: true }, io);
    expect(io.stdout).toMatch(/\n\nshape +ours, ms +stock, ms +times faster +calls +stock calls +MiB +stock MiB\n/);
    expect(io.stdout).toMatch(/\n\[1, 16, 2, 8, 2, 50\], ours by kernel\n\nkernel +calls/);
    expect(io.stdout).toMatch(/\nrow_stats +1\b/);
  });

  it("print what stored halves take and change, where they are asked for", async () => {
    const io = new FakeIo(false, "/nowhere", 170);
    await modelBench(scoring, undefined, shapes).run({ ...options, halves: true }, io);
    expect(io.stdout).toMatch(
      /\nScored from stored halves\n\nshape +float32, ms +float16, ms +times faster +probability, most +probability, mean +entropy, most +entropy, mean +same picks\n/,
    );
    expect(io.stdout).toMatch(/\n\[1, 16, 2, 8, 2, 50\]( +[\d.]+){3}( +\d\.\de[+-]\d+){4} +\d of 4\n/);
  });

  it("say in a line why there is no PyTorch", async () => {
    const io = new FakeIo();
    const peer: Peer = () =>
      Promise.resolve({ skipped: "PyTorch is not measured: python3 with torch is not installed" });
    await modelBench(scoring, peer, shapes).run({ ...options, json: true }, io);
    expect(io.stderr).toMatch(/\nPyTorch is not measured: python3 with torch is not installed\n$/);
    const { rows, torch } = JSON.parse(io.stdout);
    expect([rows[0].torch_ms, torch]).toEqual([null, null]);
  });
});
