import { describe, expect, it } from "vitest";
import { Failure } from "../../src/errors.ts";
import { decodeScores, encodeScores, readScores } from "../../src/experiment/score_file.ts";
import { MemoryFiles } from "../host/memory_files.ts";

const scores = { ids: ["a", "ж/2", 'with "quotes"'], scores: Float32Array.of(0.1, -1e-30, 3.4e38) };

describe("a file of scores", () => {
  it("gives back ids and scores to the bit", () => {
    expect(decodeScores(encodeScores(scores), "s")).toEqual(scores);
    const none = { ids: [], scores: new Float32Array() };
    expect(decodeScores(encodeScores(none), "s")).toEqual(none);
  });

  it("may lie anywhere in a larger buffer", () => {
    const bytes = encodeScores(scores);
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes, 3);
    expect(decodeScores(padded.subarray(3), "s")).toEqual(scores);
  });

  it("is refused wherever it is cut short", () => {
    const bytes = encodeScores(scores);
    for (let end = 0; end < bytes.length; end++) {
      expect(() => decodeScores(bytes.subarray(0, end), "s"), `cut at ${end}`).toThrow(Failure);
    }
    expect(() => decodeScores(new TextEncoder().encode("something else"), "s")).toThrow("s is not a file of scores");
  });

  it("is missed by name", async () => {
    await expect(readScores(new MemoryFiles(), "scores-3.bin")).rejects.toThrow(/memory:scores-3\.bin is missing/);
  });
});
