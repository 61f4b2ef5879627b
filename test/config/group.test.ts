import { describe, expect, it } from "vitest";
import { configText, refusal, resolve } from "./resolve.ts";

const group = (parts: string, more = "") => `defaults: [al_cls, {data: mail}]\ngroup: { ${parts} }\n${more}`;
const parts = "successor: big, acquisitions: [small, {name: org/tiny, distilled_from: big}], strategy: entropy";

describe("a group", () => {
  it("is random, self-selection, and a run for each acquisition model, all of one successor", async () => {
    const { experiments, notices } = await resolve(group(parts));
    expect(experiments.map((config) => [
      config.name,
      config.al_type,
      config.al.strategy,
      config.acquisition_model.name,
      config.acquisition_model.distilled_from,
      config.successor_model.name,
    ])).toEqual([
      ["random", "one", "random", "big", null, "big"],
      ["self", "one", "entropy", "big", null, "big"],
      ["asm-small", "asm", "entropy", "small", null, "big"],
      ["asm-org-tiny", "asm", "entropy", "org/tiny", "big", "big"],
    ]);
    expect(notices).toEqual([]);
  });

  it("takes the config's strategy where it names none", async () => {
    const { experiments } = await resolve(group("successor: big, acquisitions: [small]"));
    expect(experiments.map(({ al }) => al.strategy)).toEqual(["random", "lc", "lc"]);
  });

  it("trains the successor in one way whoever picks, the acquisition models in their own", async () => {
    const { experiments } = await resolve(
      group(parts, "successor_model: { training: { lr: 1 } }\nacquisition_model: { training: { lr: 2 } }\n"),
    );
    expect(
      experiments.map((
        { acquisition_model, successor_model },
      ) => [acquisition_model.training.lr, successor_model.training.lr]),
    )
      .toEqual([[1, 1], [1, 1], [2, 1], [2, 1]]);
  });

  it("has its parts set by arguments, or comes from another config", async () => {
    const { name, experiments } = await resolve("defaults: [demo]\nname: mine\n", [
      "group.acquisitions=[x]",
      "group.strategy=margin",
    ]);
    expect(name).toBe("mine");
    expect(experiments.map(({ name, al }) => [name, al.strategy])).toEqual([["random", "random"], ["self", "margin"], [
      "asm-x",
      "margin",
    ]]);
  });

  it.each([
    ["successor: big", "plan.yaml:2: config key group.acquisitions is missing, expected a list of models that pick"],
    ["acquisitions: [a]", "plan.yaml:2: config key group.successor is missing, expected the model that is trained"],
    ["succesor: big", "plan.yaml:2: config key group.succesor is unknown. Did you mean successor?"],
    [
      "successor: big, acquisitions: []",
      "plan.yaml:2: config key group.acquisitions: found [], expected a list of models that pick",
    ],
    ["successor: big, acquisitions: [big]", "config key group.acquisitions holds the successor, big"],
    ["successor: big, acquisitions: [a, a]", "config key group.acquisitions holds a twice"],
    ["successor: big, acquisitions: [a/b, a-b]", "the name 'asm-a-b' is taken"],
    ["successor: big, acquisitions: [a], strategy: random", "expected a strategy that picks"],
  ])("of %s is refused", async (parts, message) => {
    expect(await refusal(group(parts))).toContain(message);
  });

  it.each([
    ["al.strategy=lc", "config key al.strategy has no effect: group.strategy is entropy. Set group.strategy"],
    ["acquisition_model.name=x", "config key acquisition_model.name has no place beside group"],
    ["successor_model.name=x", "config key successor_model.name has no place beside group"],
    ["al.ups.gamma=0.2", "config key al.ups.gamma has no effect: al.sampling_type is none"],
    ["training.steps=3", "config key training.steps has no effect: training.step_rule is algorithm1"],
  ])("refuses %s", async (argument, message) => {
    expect(await refusal(group(parts), [argument])).toBe(
      `command line: ${message}${
        message.includes("beside") ? ", whose models are group.successor and group.acquisitions" : ""
      }`,
    );
  });

  it("must be a section", async () => {
    expect(await refusal("defaults: [al_cls]\ngroup: big\n")).toBe(
      "plan.yaml:2: config key group: found 'big', expected a section with successor, acquisitions, strategy",
    );
  });
});

describe("the configs that come with Pupil", () => {
  it("hold the demo: a whole group on the embedded mails", async () => {
    const { experiments, notices } = await resolve(configText("demo"));
    expect(notices).toEqual([]);
    expect(experiments.map(({ name }) => name)).toEqual(["random", "self", "asm-encoder-32", "asm-bag-64"]);
    for (const { data, metric, task, successor_model } of experiments) {
      expect([data.dataset_name, metric, task, successor_model.name]).toEqual([
        "mail",
        "macro_f1",
        "classification",
        "encoder-64",
      ]);
    }
  });

  it("hold a group for a file of one's own", async () => {
    expect(await refusal(configText("group"))).toContain("or a file of your own in data.train");
    const { experiments, notices } = await resolve(configText("group"), ["data.train=mails.csv"]);
    expect(notices).toEqual([]);
    expect(experiments).toHaveLength(4);
    for (const { data } of experiments) {
      expect(data).toMatchObject({ dataset_name: null, train: "mails.csv", test_fraction: 0.2 });
    }
  });

  it.each(["al_cls", "al_ner", "al_abssum"])("hold %s, which needs one model's name", async (base) => {
    const { experiments } = await resolve(configText(base), ["acquisition_model.name=m"]);
    expect(experiments).toMatchObject([{ name: "plan", al_type: "one", seeds: [0, 1, 2], al: { num_queries: 15 } }]);
  });

  it.each(["al_cls_asm", "al_ner_asm"])("hold %s, which needs two", async (base) => {
    expect(await refusal(configText(base), ["acquisition_model.name=m"])).toContain("successor_model.name is missing");
    const { experiments } = await resolve(configText(base), ["acquisition_model.name=m", "successor_model.name=n"]);
    expect(experiments).toMatchObject([{ al_type: "asm" }]);
  });
});
