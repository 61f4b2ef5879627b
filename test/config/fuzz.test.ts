import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { configKeys } from "../../src/config/shape.ts";
import { listing, resolve, simple } from "./resolve.ts";

/** Resolves, or is refused in one or two lines; anything else is a defect. */
async function answers(source: string, overrides: readonly string[] = []): Promise<boolean> {
  try {
    await resolve(source, overrides);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    expect(error.message.split("\n").length).toBeLessThanOrEqual(2);
    expect(error.message).not.toMatch(/undefined|\[object|NaN/);
  }
  return true;
}

const scraps = [
  "null",
  "[]",
  "{}",
  "[0]",
  "{a: 1}",
  "-1",
  "0",
  "1e400",
  "'",
  '"',
  "${",
  "${a}",
  "${al}",
  "*a",
  "&a",
  "???",
  "a\\",
  "<<",
  "!x",
  "|",
];
const sections = [
  "data",
  "al",
  "al.ups",
  "training",
  "acquisition_model",
  "successor_model",
  "generation",
  "group",
  "tasks",
  "defaults",
  "hydra",
  "x",
];

describe("any config", () => {
  it("that is a listing with a line changed is resolved or refused with a message", async () => {
    const lines = listing(5).split("\n");
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 1), fc.constantFrom(...scraps, "", "  - x", "seeds: 1"), (at, text) => {
        const line = lines[at]!;
        const changed = [line.replace(/[^\s-].*$/, text), line.replace(/:.*$/, `: ${text}`), text, `${line}${text}`];
        return Promise.all(changed.map((each) => answers(lines.with(at, each).join("\n")))).then(() => true);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("with any argument is resolved or refused with a message", async () => {
    const argument = fc.tuple(
      fc.constantFrom(...configKeys(), ...sections),
      fc.oneof(fc.constantFrom(...scraps), fc.string()),
    )
      .map(([key, value]) => `${key}=${value}`);
    await fc.assert(fc.asyncProperty(fc.array(argument, { maxLength: 3 }), (args) => answers(simple, args)), {
      numRuns: 400,
      seed: 1,
    });
    await fc.assert(fc.asyncProperty(fc.string(), (text) => answers(simple, [text])), { numRuns: 200, seed: 1 });
  });

  it("with any value at any key of the file is resolved or refused with a message", async () => {
    const statement = fc.tuple(fc.constantFrom(...configKeys(), ...sections), fc.constantFrom(...scraps));
    await fc.assert(
      fc.asyncProperty(
        fc.array(statement, { minLength: 1, maxLength: 3 }),
        (statements) => answers(simple + statements.map(([key, value]) => `${key}: ${value}\n`).join("")),
      ),
      { numRuns: 400, seed: 1 },
    );
  });
});
