import { describe, expect, it } from "vitest";
import { callPupil, root } from "../call_pupil.ts";

describe("pupil bench", () => {
  it("measures a kernel, tells of it on stderr, and prints one JSON document", async () => {
    const { code, stdout, stderr } = await callPupil(
      root,
      "bench",
      "kernels",
      "beam_scores",
      "--quick",
      "--json",
      "--software",
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^measuring kernels on .+\n(beam_scores \[[\d, ]+\]: [\d.]+ times faster than stock\n)+$/);
    const { adapter, rows } = JSON.parse(stdout);
    expect(stderr).toContain(adapter);
    expect(Object.keys(rows[0])).toEqual(
      expect.arrayContaining(["kernel", "shape", "ours_ms", "stock_ms", "copy_ms", "ratio"]),
    );
    expect(rows[0]).toMatchObject({ kernel: "beam_scores", shape: [20000, 4] });
  });

  it.each([
    [["kernels", "rowstats"], "unknown kernel 'rowstats'. Did you mean row_stats?"],
    [["kernel"], "unknown bench 'kernel'. Did you mean kernels?"],
    [["trian"], "unknown bench 'trian'. Did you mean train?"],
    [["train", "2x12"], "unknown shape '2x12'. Did you mean 2x128?"],
    [["score", "huge"], "unknown shape 'huge'. There are: 2x128, 4x256, 6x768"],
    [["matmul", "512x512x12"], "unknown product '512x512x12'. Did you mean 512x512x128?"],
    [["tokenizers", "/no/such/folder"], "there is no /no/such/folder/tokenizer.json"],
    [["tokenizers", "a", "b", "c"], "bench tokenizers takes a folder and a file, no more"],
    [["kernels", "--kernels"], "bench kernels takes no --kernels; these do: train, score, matmul"],
    [["train", "--storage", "float16"], "bench train takes no --storage; only bench score does"],
    [
      ["score", "--storage", "float32"],
      "--storage is 'float32'; it must be float16, beside which float32 is measured anyway",
    ],
    [[], "an argument is missing"],
    [["kernels", "--fast"], "unknown flag --fast"],
    [["kernels", "--quick=2"], "--quick takes no value"],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await callPupil(root, "bench", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`pupil: ${message}`);
  });

  it("gives 1 where there is no adapter of that name", async () => {
    const { code, stderr } = await callPupil(root, "bench", "kernels", "--adapter", "no such maker");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pupil: no adapter is called 'no such maker'/);
  });
});
