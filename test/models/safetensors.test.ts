import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { type NamedTensor, readSafetensors, writeSafetensors } from "../../src/models/safetensors/safetensors.ts";

interface Entry {
  readonly dtype: unknown;
  readonly shape: unknown;
  readonly data_offsets: unknown;
}

/** A file of a header, as a text or as what becomes one, and data. */
function fileOf(header: string | Record<string, Entry | unknown>, data: ArrayBuffer = new ArrayBuffer(0)): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(data), 8 + text.length);
  return bytes;
}

/** A file of zeros whose header claims to be so long. */
function claiming(length: number | bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  return bytes;
}

function read(bytes: Uint8Array): Map<string, NamedTensor> {
  return readSafetensors(bytes, "m.safetensors");
}

function valuesOf(dtype: string, data: ArrayBuffer, count: number): number[] {
  const file = fileOf({ x: { dtype, shape: [count], data_offsets: [0, data.byteLength] } }, data);
  return [...read(file).get("x")!.values];
}

describe("safetensors", () => {
  it("read F32 and F64", () => {
    expect(valuesOf("F32", Float32Array.of(1.5, -0, 3e38, NaN).buffer, 4)).toEqual([1.5, -0, Math.fround(3e38), NaN]);
    expect(valuesOf("F64", Float64Array.of(0.1, 1e300, -2).buffer, 3)).toEqual([Math.fround(0.1), Infinity, -2]);
  });

  it("read F16: normal, subnormal, largest, infinite, none", () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x8000, 0x0001, 0x83ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    expect(valuesOf("F16", bits.buffer, bits.length)).toEqual([
      ...[1, -2, 0.333251953125, -0, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, NaN],
    ]);
  });

  it("read BF16", () => {
    const bits = Uint16Array.of(0x3f80, 0xc049, 0x0080, 0x0001, 0x7f80, 0x7fc0);
    expect(valuesOf("BF16", bits.buffer, bits.length)).toEqual([1, -3.140625, 2 ** -126, 2 ** -133, Infinity, NaN]);
  });

  it("leave out tensors that are not floats, and what else the header says", () => {
    const file = fileOf({
      __metadata__: { format: "pt" },
      ids: { dtype: "I64", shape: [2], data_offsets: [0, 16] },
      x: { dtype: "F32", shape: [], data_offsets: [16, 20] },
    }, new ArrayBuffer(20));
    expect(read(file)).toEqual(new Map([["x", { shape: [], values: new Float32Array(1) }]]));
  });

  it("keep tensors whose names an object has of its own", () => {
    const one = { shape: [], values: Float32Array.of(1) };
    const tensors = new Map(["prototype", "__proto__", "constructor"].map((name) => [name, one]));
    expect(read(writeSafetensors(tensors))).toEqual(tensors);
  });

  it("come back to the bit from what was written, whatever their names, shapes and values", () => {
    const shape = fc.array(fc.nat(3), { maxLength: 3 });
    const tensor = shape.chain((shape) => {
      const size = shape.reduce((product, each) => product * each, 1);
      return fc.float32Array({ minLength: size, maxLength: size }).map((values): NamedTensor => ({ shape, values }));
    });
    const name = fc.string({ unit: "grapheme" }).filter((each) => each !== "__metadata__");
    fc.assert(fc.property(fc.array(fc.tuple(name, tensor), { maxLength: 4 }), (entries) => {
      const tensors = new Map(entries);
      const bytes = writeSafetensors(tensors);
      expect(read(bytes)).toEqual(tensors);
      // Data that begin at a multiple of 8 can be mapped as they are.
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
    }));
  });

  it.each<[string, Uint8Array, string]>([
    ["nothing", new Uint8Array(), "it is shorter than its header"],
    ["a header that would be longer than the file", fileOf("{}").with(3, 1), "it is shorter than its header"],
    ["a header that is no JSON", fileOf("{'x': 1}"), "its header is not JSON"],
    ["a header that is no object", fileOf("null"), "its header is not an object"],
    ["an entry that says nothing", fileOf({ x: {} }), "its header does not say what x is"],
    ["an entry that is null", fileOf({ x: null }), "its header does not say what x is"],
    [
      "a negative offset",
      fileOf({ x: { dtype: "F32", shape: [1], data_offsets: [-4, 0] } }),
      "its header does not say what x is",
    ],
    [
      "data that are cut short",
      fileOf({ x: { dtype: "F32", shape: [3], data_offsets: [0, 12] } }, new ArrayBuffer(11)),
      "x lies outside of it or has another size than its shape",
    ],
    [
      "a shape of another size than its data",
      fileOf({ x: { dtype: "F16", shape: [2, 2], data_offsets: [0, 16] } }, new ArrayBuffer(16)),
      "x lies outside of it or has another size than its shape",
    ],
    [
      "a header that would be a hundred megabytes",
      claiming(100_000_001, 100_000_100),
      "its header would be 100000001 bytes long",
    ],
    ["a header of two gigabytes", claiming(2 ** 31, 100), "it is shorter than its header"],
    ["a header of more bytes than can be counted", claiming(2n ** 64n - 1n, 100), "it is shorter than its header"],
    [
      "tensors that overlap",
      fileOf(
        {
          x: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
          y: { dtype: "F32", shape: [2], data_offsets: [4, 12] },
        },
        new ArrayBuffer(12),
      ),
      "y overlaps x",
    ],
    [
      "a hole between tensors",
      fileOf(
        {
          x: { dtype: "F32", shape: [1], data_offsets: [0, 4] },
          y: { dtype: "F32", shape: [1], data_offsets: [8, 12] },
        },
        new ArrayBuffer(12),
      ),
      "nothing is said of the 4 bytes before y",
    ],
    [
      "bytes after the last tensor",
      fileOf({ x: { dtype: "F32", shape: [1], data_offsets: [0, 4] } }, new ArrayBuffer(5)),
      "nothing is said of its last 1 bytes",
    ],
    [
      "a shape whose product no number holds",
      fileOf({ x: { dtype: "F32", shape: [2 ** 52, 2 ** 52], data_offsets: [0, 4] } }, new ArrayBuffer(4)),
      "x lies outside of it or has another size than its shape",
    ],
  ])("are refused where the file is %s", (_what, bytes, why) => {
    expect(() => read(bytes)).toThrow(new InputError(`m.safetensors is not a safetensors file: ${why}`));
  });

  it("are read or refused, and nothing else, whatever the header holds", () => {
    const whole = writeSafetensors(new Map([["x", { shape: [2], values: Float32Array.of(1, 2) }]]));
    const header = fc.oneof(
      fc.json().map((text) => fileOf(text)),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => whole.with(at, byte)),
      fc.uint8Array({ maxLength: 40 }),
    );
    fc.assert(fc.property(header, (bytes) => {
      try {
        read(bytes);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(InputError);
      }
    }));
  });
});
