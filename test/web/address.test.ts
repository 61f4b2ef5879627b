import { describe, expect, it } from "vitest";
import { inTab, type Place, readPlace, usualSettings, writePlace } from "../../web/page/address.ts";

const kept: Place = { settings: { ...usualSettings, seed: 3 }, run: "brought-in", round: 2, tab: "lab", wish: "wasm" };

describe("an address", () => {
  it("says a place and reads it again", () => {
    for (const place of [kept, inTab(kept, "data"), inTab(kept, "label"), readPlace("")]) {
      expect(readPlace(writePlace(place))).toEqual(place);
    }
  });

  it("takes what is wrong in it for the usual", () => {
    const usual = readPlace("");
    for (
      const wrong of ["#seed=-1", "#seed=x", "#step=0", "#round=0.5", "#tab=nowhere", "#computer=abacus", "#data="]
    ) {
      expect(readPlace(wrong), wrong).toEqual(usual);
    }
  });

  it("keeps the run on the way through data and back, and leaves it where a person begins one of their own", () => {
    const there = inTab(kept, "data");
    expect(there).toMatchObject({ tab: "data", run: "brought-in" });
    const { round: _, ...back } = kept;
    expect(inTab(there, "lab")).toEqual(back);
    const own = inTab(kept, "label");
    expect(own.run).toBeUndefined();
    expect(own.settings).toEqual({ ...kept.settings, oracle: "person", step: 5 });
    expect(inTab(own, "lab").settings).toEqual({ ...kept.settings, oracle: "gold", step: usualSettings.step });
  });
});
