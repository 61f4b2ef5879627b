/// <reference lib="dom" />
import { describe, expect, it } from "vitest";
import { uncertaintyRamp } from "../../../web/charts/ramp.ts";
import { dark, documentStyles, light, type Palette } from "../../../web/page/theme.ts";
import { contrast, luminance } from "./colours.ts";

const grounds = ["bg", "surface"] as const;
const texts = ["text", "muted", "accent", "random", "self", "asm", "you", "good", "bad"] as const;

describe.each([["light", light], ["dark", dark]] as [string, Palette][])("the %s palette", (scheme, palette) => {
  it.each(grounds.flatMap((ground) => texts.map((text) => [text, ground] as const)))(
    "has %s readable on %s",
    (text, ground) => expect(contrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5),
  );

  it("has its buttons' text readable", () => {
    expect(contrast(palette["accent-text"], palette.accent)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(grounds.flatMap((ground) => (["focus", "line-strong"] as const).map((name) => [name, ground] as const)))(
    "has %s visible on %s",
    (name, ground) => expect(contrast(palette[name], palette[ground])).toBeGreaterThanOrEqual(3),
  );

  it("sets what is lit apart from its edge", () => {
    expect(contrast(palette.lit, palette["lit-edge"])).toBeGreaterThanOrEqual(7);
  });

  it("stands in the document's sheet, every colour of it", () => {
    for (const [name, colour] of Object.entries(palette)) {
      expect(documentStyles.cssText).toContain(`--${name}: ${colour};`);
    }
  });

  it("has a ramp whose colours stand out the more, the less sure", () => {
    const against = uncertaintyRamp(scheme as "light" | "dark").map((colour) => contrast(colour, palette.surface));
    expect(against).toHaveLength(32);
    expect(against).toEqual(against.toSorted((a, b) => a - b));
    expect(against[0]).toBeGreaterThan(2);
    expect(against.at(-1)).toBeGreaterThan(9);
  });

  it("has a ramp of even steps", () => {
    // CIE lightness, another measure than the one that the ramp is made by.
    const lightness = uncertaintyRamp(scheme as "light" | "dark").map((colour) =>
      116 * Math.cbrt(luminance(colour)) - 16
    );
    const steps = lightness.slice(1).map((each, index) => Math.abs(each - lightness[index]!));
    expect(Math.max(...steps)).toBeLessThan(3 * Math.min(...steps));
  });
});
