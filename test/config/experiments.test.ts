import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { printWholePlan } from "../../src/config/print.ts";
import { configText, listing, refusal, resolve, simple } from "./resolve.ts";

const plans: [what: string, source: string, overrides: string[]][] = [
  ["an experiment", simple, []],
  ["one on a file, with fixed steps", simple, [
    "data.train=a b.csv",
    "training.step_rule=fixed",
    "training.steps=5",
  ]],
  ["one with a test file", simple, ["data.train=a.csv", "data.test=b.csv", "data.dataset_name=null"]],
  ["one with ups", simple, ["al.sampling_type=ups", "al.ups.gamma=0.3"]],
  ["one with a random sample", simple, ["al.gamma_or_k_confident_to_save=100"]],
  ["one with dropout", simple, ["al.strategy=bald", "al.dropout_passes=3"]],
  ["a random one", simple, ["al.strategy=random", "al.num_queries=0"]],
  ["a group", configText("demo"), []],
  ...[1, 2, 3, 4, 5].map((number): [string, string, string[]] => [`listing ${number}`, listing(number), []]),
];

describe("experiments that are written out whole", () => {
  it.each(plans)("resolve to what they were: %s", async (_what, source, overrides) => {
    const plan = await resolve(source, overrides);
    const again = await resolve(printWholePlan(plan));
    expect(again).toEqual({ ...plan, notices: [] });
  });

  it("keep a text that looks like a reference", async () => {
    const { name, experiments: [experiment] } = await resolve(simple, ["data.train=a.csv"]);
    const odd = { ...experiment!, data: { ...experiment!.data, train: "${now:%Y}: {a}, #b.csv", text_name: "no" } };
    expect((await resolve(printWholePlan({ name, experiments: [odd] }))).experiments).toEqual([odd]);
  });

  it("take what the command line says", async () => {
    const whole = printWholePlan(await resolve(configText("demo"), ["name=first"]));
    const { name, experiments } = await resolve(whole, [
      "name=second",
      "al.num_queries=9",
      "training.lr=1",
      "data=own",
      "data.train=x.csv",
    ]);
    expect(name).toBe("second");
    expect(experiments.map(({ name }) => name)).toEqual(["random", "self", "asm-encoder-32", "asm-bag-64"]);
    for (const { al, data, successor_model } of experiments) {
      expect([al.num_queries, data.train, successor_model.training.lr]).toEqual([9, "x.csv", 1]);
    }
  });

  it("are refused with their line where something is wrong with them", async () => {
    const whole = printWholePlan(await resolve(simple));
    expect(await refusal(whole.replace("num_queries: 15", "num_queries: x"))).toMatch(
      /^plan\.yaml:\d+: config key experiments\[0\]\.al\.num_queries: found 'x', expected a whole number/,
    );
    expect(await refusal(whole.replace("num_queries:", "num_querys:"))).toMatch(
      /^plan\.yaml:\d+: .*num_querys is unknown. Did you mean al\.num_queries\?/,
    );
    expect(await refusal(whole, ["al.ups.gamma=0.3"])).toBe(
      "command line: config key al.ups.gamma has no effect: al.sampling_type is none",
    );
    expect(await refusal(`${whole}metric: accuracy\n`)).toMatch(/config key metric has no place beside experiments/);
    expect(await refusal(`defaults: [al_cls]\n${whole}`)).toMatch(/^plan\.yaml:1: .* has no place beside experiments/);
    expect(await refusal("experiments: []")).toBe(
      "plan.yaml:1: config key experiments: found [], expected a list of experiments",
    );
    expect(await refusal("experiments: [1]")).toMatch(/^plan\.yaml:1: .*found 1, expected an experiment$/);
    expect(await refusal("experiments: [{task: x}]")).toMatch(/^plan\.yaml:1: .*an experiment needs a name/);
    const two = parse(whole).experiments[0];
    expect(await refusal(printWholePlan({ name: "two", experiments: [two, two] }))).toMatch(/the name 'plan' is taken/);
  });
});
