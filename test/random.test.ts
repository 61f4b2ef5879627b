import { describe, expect, it } from "vitest";
import { random, sample, shuffled } from "../src/random.ts";

describe("keyed random numbers", () => {
  it("depend on the key alone", () => {
    const draw = (...key: (string | number)[]) => Array.from({ length: 5 }, random(...key).uniform);
    expect(draw(0, "warm-start")).toEqual(draw(0, "warm-start"));
    expect(draw(0, "warm-start")).not.toEqual(draw(1, "warm-start"));
    expect(draw(0, "a", 1)).not.toEqual(draw(0, "a", "1"));
  });

  it("are uniform, and normal, to what 20,000 draws can tell", () => {
    const from = random("test");
    const uniforms = Array.from({ length: 20_000 }, from.uniform);
    const normals = Array.from({ length: 20_000 }, from.normal);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(mean(normals))).toBeLessThan(0.03);
    expect(Math.abs(mean(normals.map((value) => value * value)) - 1)).toBeLessThan(0.05);
    expect(uniforms.every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it("never leave the bound", () => {
    const from = random("bound");
    const drawn = new Set(Array.from({ length: 1000 }, () => from.below(7)));
    expect([...drawn].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(() => from.below(0)).toThrow(RangeError);
  });

  it("shuffle without loss and sample without repeats", () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const result = shuffled(items, random("shuffle"));
    expect(result).not.toEqual(items);
    expect([...result].sort((a, b) => a - b)).toEqual(items);
    expect(new Set(sample(items, 10, random("sample"))).size).toBe(10);
    expect(sample(items, 100, random("sample")).length).toBe(50);
  });
});
