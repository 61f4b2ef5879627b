import { describe, expect, it } from "vitest";
import { refusal, resolve } from "./resolve.ts";

const source = "defaults: [al_cls]\nacquisition_model: {name: bag-64}\n";
const dataOf = async (overrides: readonly string[]) => (await resolve(source, overrides)).experiments[0]!.data;
const keys = ["revision", "subset", "train_split", "test_split"] as const;

describe("what is chosen of a published data set", () => {
  it("stands in the plan where it is given, and nowhere else", async () => {
    const data = await dataOf(keys.map((key) => `data.${key}=x`));
    for (const key of keys) expect(data[key]).toBe("x");
    for (const none of [[], keys.map((key) => `data.${key}=null`)]) {
      for (const key of keys) expect(await dataOf(none)).not.toHaveProperty(key);
    }
  });

  it.each(keys)("is an error beside a file: %s", async (key) => {
    expect(await refusal(source, ["data=own", "data.train=a.csv", `data.${key}=x`])).toBe(
      `command line: config key data.${key} has no effect: data.train is given`,
    );
  });

  it("may be parts of a folder, but no revision", async () => {
    expect(await dataOf(["data.path=trec", "data.subset=a"])).toMatchObject({ path: "trec", subset: "a" });
    expect(await refusal(source, ["data.path=trec", "data.revision=v2"])).toBe(
      "command line: config key data.revision has no effect: data.path is given, and a folder has no revisions",
    );
    expect(await dataOf(["data.path=datasets", "data.revision=v2"])).toMatchObject({ revision: "v2" });
  });
});
