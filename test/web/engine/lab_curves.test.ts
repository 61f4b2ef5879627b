import { expect, it } from "vitest";
import { curvesOfOtherSeeds } from "../../../web/engine/lab_curves.ts";
import { stubDirectory } from "../data/stub_directory.ts";

it("the curves of other seeds are those of the same data", async () => {
  const { files } = await stubDirectory();
  const { experiments, data } = JSON.parse(files.texts()["runs/topics/plan.json"]!);
  const curves = await curvesOfOtherSeeds(files, { experiments, data }, 0);
  expect(new Set(curves.map(({ seed }) => seed))).toEqual(new Set(["1"]));
  const corrected = Object.fromEntries(Object.keys(data).map((name) => [name, "0123456789abcdef"]));
  expect(await curvesOfOtherSeeds(files, { experiments, data: corrected }, 0)).toEqual([]);
});
