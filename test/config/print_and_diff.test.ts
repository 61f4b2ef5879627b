import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { describeDifference, diffPlans } from "../../src/config/diff.ts";
import { printPlan } from "../../src/config/print.ts";
import { configText, listing, one, resolve, simple } from "./resolve.ts";

describe("a printed plan", () => {
  it("is YAML that holds every value in force", async () => {
    const plan = await resolve(listing(2));
    const { name, experiments } = parse(printPlan(plan));
    expect(name).toBe("plan");
    expect(experiments).toHaveLength(3);
    expect(experiments[0]).toMatchObject({
      name: "rumedner_al_distilmbert-base_bert-base-mult",
      al_type: "asm",
      seeds: [0, 1, 2],
      data: { dataset_name: "rumedner" },
      acquisition_model: { name: "distilbert-base-multilingual-cased", training: { lr: 5e-5, min_steps: 1000 } },
      successor_model: { name: "bert-base-multilingual-cased" },
    });
  });

  it("leaves out what has no effect", async () => {
    const text = printPlan(await resolve(configText("demo")));
    for (const key of ["ups", "epochs", "min_steps", "min_batch_size", "generation", "train:"]) {
      expect(text).not.toContain(key);
    }
    expect(text).toContain("steps: ");
    const ups = printPlan(await resolve(simple, ["al.sampling_type=ups"]));
    expect(ups).toContain("iters_to_recalc_scores: [0, 1, 4, 8]");
    expect(ups).not.toContain("gamma_or_k");
  });
});

describe("the difference of two plans", () => {
  it("is nothing for equal plans, in whatever order their keys were written", async () => {
    const a = await one(simple + "al: { num_queries: 3, strategy: margin }\n");
    const b = await one("al: { strategy: margin, num_queries: 3 }\n" + simple);
    expect(diffPlans([a], [b])).toEqual([]);
  });

  it("names each key with both values", async () => {
    const [a, b] = [await one(simple), await one(simple, ["al.step_p_or_n=5", "seeds=[1]", "training.lr=1"])];
    expect(diffPlans([a], [b]).map(describeDifference)).toEqual([
      "plan: seeds was [0,1,2], is [1]",
      "plan: al.step_p_or_n was 0.01, is 5",
      "plan: acquisition_model.training.lr was 0.00002, is 1",
      "plan: successor_model.training.lr was 0.00002, is 1",
    ]);
  });

  it("names a key that only one has", async () => {
    const [a, b] = [await one(simple), await one(simple, ["al.scoring_storage=float16"])];
    expect(diffPlans([a], [b]).map(describeDifference)).toEqual(['plan: al.scoring_storage was absent, is "float16"']);
    expect(printPlan({ name: "plan", experiments: [a] })).not.toContain("scoring_storage");
    expect(printPlan({ name: "plan", experiments: [b] })).toContain("scoring_storage: float16");
  });

  it("names experiments that only one of them has, and a section that only one has", async () => {
    const [a, b] = [await one(simple, ["name=a"]), await one(simple, ["name=b"])];
    expect(diffPlans([a], [b]).map(describeDifference)).toEqual(["a: is gone", "b: is new"]);
    const generation = { num_beams: 3, max_length: 9 };
    expect(diffPlans([a], [{ ...a, generation }])).toEqual([{
      experiment: "a",
      key: "generation",
      before: null,
      after: generation,
    }]);
  });
});
