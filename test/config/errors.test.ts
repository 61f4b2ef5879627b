import { describe, expect, it } from "vitest";
import { strategies } from "../../src/acquisition/strategies.ts";
import { DROPOUT_STRATEGIES } from "../../src/config/schema.ts";
import { one, refusal, resolve, simple } from "./resolve.ts";

describe("YAML", () => {
  it("that does not parse is refused with file, line and column, in one line", async () => {
    const message = await refusal("metric: accuracy\nal: {strategy: lc\n");
    expect(message).toMatch(/^plan\.yaml:\d+:\d+: not YAML: /);
    expect(message).not.toContain("\n");
    expect(await refusal("a: *b\n")).toMatch(/^plan\.yaml:1:4: not YAML: /);
    expect(await refusal("a: !!python/object:os.system x\n")).toMatch(/^plan\.yaml:1:4: not YAML: /);
  });

  it("with a key given twice is refused, dotted keys among them", async () => {
    expect(await refusal("metric: a\nmetric: b\n")).toMatch(/^plan\.yaml:2:1: not YAML: .*unique/i);
    expect(await refusal("al:\n  strategy: lc\nal.strategy: margin\n")).toBe(
      "plan.yaml:3: config key al.strategy is given twice, here and at plan.yaml:2",
    );
    expect(await refusal("al: lc\nal.strategy: margin\n")).toContain(
      "plan.yaml:2: config key al.strategy is given twice",
    );
  });

  it("may write keys dotted", async () => {
    expect((await one("defaults: [al_cls]\nacquisition_model.name: bert\nal.num_queries: 3\nal.strategy: margin\n")).al)
      .toMatchObject({ num_queries: 3, strategy: "margin" });
  });

  it("that is empty, or no map, is refused", async () => {
    expect(await refusal("")).toBe("plan.yaml: the config is empty");
    expect(await refusal("# nothing\n")).toBe("plan.yaml: the config is empty");
    expect(await refusal("- al_cls\n")).toBe(
      "plan.yaml:1: a config is a list of keys with values, such as 'metric: accuracy'",
    );
  });

  it("that aliases make endless is refused", async () => {
    expect(await refusal("a: &a [*a]\n")).toContain("nested too deep, or too large");
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++) bomb.push(`a${i}: &a${i} [${Array(10).fill(`*a${i - 1}`).join(", ")}]`);
    expect(await refusal(bomb.join("\n"))).toContain("nested too deep, or too large");
  });

  it("uses anchors as YAML does", async () => {
    expect((await one(simple + "al: { init_p_or_n: &n 30, step_p_or_n: *n }\n")).al).toMatchObject({
      init_p_or_n: 30,
      step_p_or_n: 30,
    });
  });

  it("of a base config is named by its file", async () => {
    expect(await refusal("defaults: [mine]\n", [], { mine: "\na: [\n" })).toMatch(/^mine\.yaml:\d+:\d+: not YAML/);
    expect(await refusal("defaults: [{training: mine}]\n", [], { "training/mine": "\nlrr: 1\n" })).toBe(
      "training/mine.yaml:2: config key training.lrr is unknown. Did you mean training.lr?",
    );
  });
});

describe("an unknown key", () => {
  it.each([
    ["al: { stratgey: lc }", "plan.yaml:3: config key al.stratgey is unknown. Did you mean al.strategy?"],
    ["num_queries: 3", "plan.yaml:3: config key num_queries is unknown. Did you mean al.num_queries?"],
    ["lr: 3", "plan.yaml:3: config key lr is unknown. Did you mean training.lr?"],
    ["seed: 3", "plan.yaml:3: config key seed is unknown. Did you mean seeds?"],
    [
      "training: { batch_size: 3 }",
      "plan.yaml:3: config key training.batch_size is unknown. Did you mean training.batch_size_args.batch_size?",
    ],
    [
      "data: { datasetname: x }",
      "plan.yaml:3: config key data.datasetname is unknown. Did you mean data.dataset_name?",
    ],
    ["al: { ups: { gama: 1 } }", "plan.yaml:3: config key al.ups.gama is unknown. Did you mean al.ups.gamma?"],
    [
      "acquisition_model.trainnig.lr: 1",
      "plan.yaml:3: config key acquisition_model.trainnig.lr is unknown. Did you mean ",
    ],
    ["constructor: 1", "plan.yaml:3: config key constructor is unknown. There are: name, task, metric"],
    ["__proto__: 1", "plan.yaml:3: config key __proto__ is unknown."],
  ])("%s is refused with the nearest", async (line, message) => {
    expect(await refusal(`${simple}${line}\n`)).toContain(message);
  });

  it("of an argument is named with its place", async () => {
    expect(await refusal(simple, ["al.stratgey=lc"])).toBe(
      "command line: config key al.stratgey is unknown. Did you mean al.strategy?",
    );
    const tasks =
      "tasks:\n  - name: a\n    config_name: al_cls\n    args: >-\n      acquisition_model.name=x\n      al.stratgey=lc\n";
    expect(await refusal(tasks)).toBe("plan.yaml:6: config key al.stratgey is unknown. Did you mean al.strategy?");
  });
});

describe("a value of a wrong kind", () => {
  const fractionOrCount = "expected a fraction between 0 and 1, or a whole number from 1 up";
  const seeds = "expected a list of different whole numbers from 0 up, such as [0, 1, 2]";
  it.each([
    ["al.init_p_or_n=0", `found 0, ${fractionOrCount}`],
    ["al.step_p_or_n=-3", `found -3, ${fractionOrCount}`],
    ["al.step_p_or_n=1.5", `found 1.5, ${fractionOrCount}`],
    ["al.step_p_or_n=many", `found 'many', ${fractionOrCount}`],
    ["al.gamma_or_k_confident_to_save=2.5", `found 2.5, ${fractionOrCount}`],
    ["al.gamma_or_k_confident_to_save=0", `found 0, ${fractionOrCount}`],
    ["al.num_queries=-1", "found -1, expected a whole number from 0 up"],
    ["al.num_queries=[3]", "found [3], expected a whole number from 0 up"],
    ["al.sampling_type=some", "found 'some', expected one of none, random, naive, ups"],
    ["al.split_by_tokens=yes", "found 'yes', expected true or false"],
    ["training.step_rule=algorithm2", "found 'algorithm2', expected one of algorithm1, toolbox, fixed"],
    ["training.lr=0", "found 0, expected a number above 0"],
    ["training.warmup=2", "found 2, expected a fraction from 0 to 1"],
    ["training.weight_decay=-1", "found -1, expected a number from 0 up"],
    ["training.epochs=1.5", "found 1.5, expected a whole number from 1 up"],
    ["seeds=[]", `found [], ${seeds}`],
    ["seeds=[1,1]", `found [1,1], ${seeds}`],
    ["seeds=[-1]", `found [-1], ${seeds}`],
    ["seeds=0,1", `found '0,1', ${seeds}`],
    ["data.validation=1", "found 1, expected a fraction from 0 up and below 1"],
    ["al_type=two", "found 'two', expected one (self-selection) or asm (two models)"],
    ["name=a/b", "found 'a/b', expected letters, digits"],
    ["name=..", "found '..', expected letters, digits"],
    ["name=trainings", "found 'trainings', expected another name than trainings, plan.json"],
    ["al.strategy={a: 1}", "found a section (a), expected a strategy's name"],
  ])("%s is refused", async (argument, message) => {
    const key = argument.split("=")[0];
    expect(await refusal(simple, [argument])).toContain(`command line: config key ${key}: ${message}`);
  });

  it("is refused where a section must stand", async () => {
    expect(await refusal("defaults: [al_cls]\nacquisition_model: bert\n")).toBe(
      "plan.yaml:2: config key acquisition_model: found 'bert', expected a section with name, revision, distilled_from, training. " +
        "Did you mean acquisition_model.name?",
    );
    expect(await refusal(simple + "training: small\n")).toBe(
      "plan.yaml:3: config key training: found 'small', expected a section. To choose a config, write 'training: NAME' under defaults",
    );
  });
});

describe("what is missing", () => {
  it("is named with what was expected", async () => {
    expect(await refusal("defaults: [al_cls]\n")).toContain(
      "plan.yaml: config key acquisition_model.name is missing, expected a model: a name of the model registry, a hub name, or a folder",
    );
    expect(await refusal("defaults: [al_cls]\nacquisition_model: { name: '???' }\n")).toContain(
      "acquisition_model.name is missing",
    );
    expect(await refusal("acquisition_model: { name: m }\ndata: { dataset_name: mail }\n")).toMatch(
      /config key task is missing, expected a task's name\. Base configs such as 'defaults: \[al_cls\]'/,
    );
    expect(await refusal("defaults: [al_cls_asm]\nacquisition_model: { name: m }\n")).toContain(
      "successor_model.name is missing",
    );
    expect(await refusal(simple, ["data.dataset_name=null"])).toBe(
      "plan.yaml: config key data.dataset_name is missing, expected a data set's name, or a file of your own in data.train",
    );
  });
});

describe("models", () => {
  const asm = "defaults: [al_cls_asm]\nacquisition_model: { name: a }\nsuccessor_model: { name: b }\n";

  it("are one without a successor, and two with another", async () => {
    expect(await one(simple)).toMatchObject({ al_type: "one", successor_model: { name: "bert" } });
    expect(await one(simple, ["successor_model.name=big"])).toMatchObject({
      al_type: "asm",
      successor_model: { name: "big" },
    });
    const same = await resolve(asm, ["acquisition_model.name=b"]);
    expect(same.experiments[0]).toMatchObject({ al_type: "one", acquisition_model: { name: "b" } });
    expect(same.notices).toEqual(["acquisition and successor are both b: this is self-selection (al_type one)"]);
  });

  it("of a random run are the successor", async () => {
    const { experiments, notices } = await resolve(asm, ["al.strategy=random", "successor_model.training.lr=5"]);
    expect(experiments[0]).toMatchObject({ al_type: "one", acquisition_model: { name: "b", training: { lr: 5 } } });
    expect(experiments[0]!.acquisition_model).toEqual(experiments[0]!.successor_model);
    expect(notices).toEqual(["plan.yaml:2: acquisition_model.name has no effect: al.strategy is random (plan)"]);
  });

  it("cannot be one model trained in two ways", async () => {
    expect(await refusal(asm, ["acquisition_model.name=b", "acquisition_model.training.lr=1"])).toContain(
      "config key successor_model.training.lr differs from acquisition_model.training.lr, though both models are b",
    );
  });

  it("take no successor's keys where there is none", async () => {
    expect(await refusal(simple, ["successor_model.training.lr=1"])).toBe(
      "command line: config key successor_model.training.lr has no effect: no successor_model.name is given",
    );
    expect(await refusal(asm, ["al_type=one", "successor_model.name=c"])).toBe(
      "command line: config key successor_model.name has no effect: al_type is one",
    );
  });
});

describe("data", () => {
  it("of the user's own are split where there is no test file", async () => {
    const own = "defaults: [al_cls, {data: own}]\nacquisition_model: { name: m }\ndata: { train: a.csv }\n";
    expect((await one(own)).data).toMatchObject({ dataset_name: null, train: "a.csv", test: null, test_fraction: 0.2 });
    expect((await one(own, ["data.test_fraction=0.5"])).data.test_fraction).toBe(0.5);
    expect((await one(own, ["data.test=b.csv"])).data).toMatchObject({ test: "b.csv", test_fraction: null });
    expect(await refusal(own, ["data.test=b.csv", "data.test_fraction=0.5"])).toBe(
      "command line: config key data.test_fraction has no effect: data.test is given",
    );
    expect(await refusal(own, ["data.path=x"])).toBe(
      "command line: config key data.path has no effect: data.train is given",
    );
  });

  it("keep the base's name, and say so", async () => {
    const { experiments, notices } = await resolve(simple, ["data.train=a.csv"]);
    expect(experiments[0]!.data).toMatchObject({ dataset_name: "trec", train: "a.csv" });
    expect(notices).toEqual([
      "data.train is taken for the data set 'trec' of the base config. Set data.dataset_name to its own name",
    ]);
    expect((await resolve(simple, ["data.train=a.csv", "data.dataset_name=mine"])).notices).toEqual([]);
  });

  it.each(["data.test=b.csv", "data.test_fraction=0.5"])("refuse %s beside a registered data set", async (argument) => {
    expect(await refusal(simple, [argument])).toContain("has no effect: no data.train is given");
  });
});

describe("pool subsampling", () => {
  it("is random where only its size is given", async () => {
    const { experiments, notices } = await resolve(simple, ["al.gamma_or_k_confident_to_save=500"]);
    expect(experiments[0]!.al).toMatchObject({ sampling_type: "random", gamma_or_k_confident_to_save: 500 });
    expect(notices).toEqual(["al.gamma_or_k_confident_to_save without al.sampling_type means random"]);
  });

  it("needs a size where it is random or naive", async () => {
    for (const type of ["random", "naive"]) {
      expect(await refusal(simple, [`al.sampling_type=${type}`])).toBe(
        `command line: config key al.gamma_or_k_confident_to_save is missing: al.sampling_type is ${type}, which needs ` +
          "a fraction between 0 and 1, or a whole number from 1 up",
      );
    }
  });

  it("by ups takes gamma by either name", async () => {
    const gammas = async (...args: string[]) => {
      const { al } = await one(simple, ["al.sampling_type=ups", ...args]);
      return [al.gamma_or_k_confident_to_save, al.ups.gamma, al.ups.temperature, al.ups.iters_to_recalc_scores];
    };
    expect(await gammas()).toEqual([0.1, 0.1, 0.01, [0, 1, 4, 8]]);
    expect(await gammas("al.gamma_or_k_confident_to_save=0.3")).toEqual([0.3, 0.3, 0.01, [0, 1, 4, 8]]);
    expect(await gammas("al.ups.gamma=0.4", "al.ups.temperature=1")).toEqual([0.4, 0.4, 1, [0, 1, 4, 8]]);
    expect(await gammas("al.ups.gamma=0.4", "al.gamma_or_k_confident_to_save=0.4")).toEqual([0.4, 0.4, 0.01, [
      0,
      1,
      4,
      8,
    ]]);
    expect(await refusal(simple, ["al.sampling_type=ups", "al.ups.gamma=0.4", "al.gamma_or_k_confident_to_save=0.3"]))
      .toBe(
        "command line: config key al.ups.gamma has no effect: al.gamma_or_k_confident_to_save is given",
      );
    expect(await refusal(simple, ["al.sampling_type=ups", "al.gamma_or_k_confident_to_save=30"])).toContain(
      "found 30, expected a fraction from 0 to 1: al.sampling_type is ups",
    );
  });

  it("by ups does not take a base's sample size for gamma", async () => {
    const { al } = await one("defaults: [al_ner]\nacquisition_model: { name: m }\n", ["al.sampling_type=ups"]);
    expect(al.ups.gamma).toBe(0.1);
  });

  it("refuses options of another kind of sampling", async () => {
    expect(await refusal(simple, ["al.ups.gamma=0.2"])).toBe(
      "command line: config key al.ups.gamma has no effect: al.sampling_type is none",
    );
    expect(await refusal(simple, ["al.sampling_type=none", "al.gamma_or_k_confident_to_save=0.2"])).toBe(
      "command line: config key al.gamma_or_k_confident_to_save has no effect: al.sampling_type is none",
    );
  });

  it("is refused in a random run that asks for it, and only noticed where random came later", async () => {
    const file = simple + "al: { sampling_type: ups }\n";
    expect(await refusal(file + "", ["al.strategy=random", "al.ups.gamma=0.2"])).toBe(
      "command line: config key al.ups.gamma has no effect: al.strategy is random, which scores nothing",
    );
    expect((await resolve(file, ["al.strategy=random"])).notices).toEqual([
      "plan.yaml:3: al.sampling_type has no effect: al.strategy is random, which scores nothing (plan)",
    ]);
    expect((await resolve(simple, ["al.strategy=random", "al.gamma_or_k_confident_to_save=0.25"])).notices).toEqual([
      "command line: al.gamma_or_k_confident_to_save has no effect: al.strategy is random, which scores nothing (plan)",
    ]);
  });
});

describe("what scoring stores", () => {
  it("is float32 unless the config says otherwise, which leaves no trace in a plan", async () => {
    const plain = await one(simple);
    expect("scoring_storage" in plain.al).toBe(false);
    for (const value of ["float32", "null"]) expect(await one(simple, [`al.scoring_storage=${value}`])).toEqual(plain);
    expect((await one(simple, ["al.scoring_storage=float16"])).al).toEqual({ ...plain.al, scoring_storage: "float16" });
  });

  it("is one of two words", async () => {
    expect(await refusal(simple, ["al.scoring_storage=half"])).toBe(
      "command line: config key al.scoring_storage: found 'half', expected one of float32, float16",
    );
  });

  it.each(["float16", "float32"])("is refused where nothing is scored: %s", async (value) => {
    expect(await refusal(simple, ["al.strategy=random", `al.scoring_storage=${value}`])).toBe(
      "command line: config key al.scoring_storage has no effect: al.strategy is random, which scores nothing",
    );
  });

  it("serves a group whose random run has no use for it", async () => {
    const { experiments, notices } = await resolve(
      "defaults: [al_cls]\ngroup: { successor: a, acquisitions: [b] }\nal: { scoring_storage: float16 }\n",
    );
    expect(notices).toEqual([]);
    expect(experiments.map(({ al }) => al.scoring_storage)).toEqual([undefined, "float16", "float16"]);
  });
});

describe("a training of the head alone", () => {
  it("is none unless the config says so, which leaves no trace in a plan", async () => {
    const plain = await one(simple);
    expect("frozen" in plain.acquisition_model.training).toBe(false);
    for (const value of ["false", "null"]) expect(await one(simple, [`training.frozen=${value}`])).toEqual(plain);
    const { acquisition_model: { training } } = await one(simple, ["training.frozen=true"]);
    expect(training).toEqual({ ...plain.acquisition_model.training, frozen: true });
  });

  it("is chosen by true or false", async () => {
    expect(await refusal(simple, ["training.frozen=body"])).toBe(
      "command line: config key training.frozen: found 'body', expected true or false",
    );
  });
});

describe("passes with dropout", () => {
  it("are ten unless the config says how many", async () => {
    expect((await one(simple, ["al.strategy=bald"])).al.dropout_passes).toBe(10);
    expect((await one(simple, ["al.strategy=bald", "al.dropout_passes=25"])).al.dropout_passes).toBe(25);
  });

  it.each(["1", "2.5", "-3"])("are refused where there are %s", async (passes) => {
    expect(await refusal(simple, ["al.strategy=bald", `al.dropout_passes=${passes}`])).toBe(
      `command line: config key al.dropout_passes: found ${passes}, expected a whole number from 2 up`,
    );
  });

  it("are refused beside a strategy that makes none", async () => {
    expect(await refusal(simple, ["al.dropout_passes=5"])).toBe(
      "command line: config key al.dropout_passes has no effect: al.strategy is lc",
    );
    expect(await refusal(simple, ["al.strategy=random", "al.dropout_passes=5"])).toBe(
      "command line: config key al.dropout_passes has no effect: al.strategy is random",
    );
  });

  it("are only noticed where another strategy came later", async () => {
    const { notices } = await resolve(`${simple}al: { strategy: bald, dropout_passes: 5 }\n`, ["al.strategy=margin"]);
    expect(notices).toEqual(["plan.yaml:3: al.dropout_passes has no effect: al.strategy is margin (plan)"]);
  });

  it("serve a group whose random run has no use for them", async () => {
    const group =
      "defaults: [al_cls]\ngroup: { successor: a, acquisitions: [b], strategy: bald }\nal: { dropout_passes: 3 }\n";
    const { experiments, notices } = await resolve(group);
    expect(notices).toEqual([]);
    expect(experiments.slice(1).map(({ al }) => al.dropout_passes)).toEqual([3, 3]);
  });

  it("are made by the strategies that need them of a model", () => {
    const needing = strategies.entries().filter(({ needs }) => needs.includes("dropoutCommittee"));
    expect(DROPOUT_STRATEGIES).toEqual(needing.map(({ name }) => name));
  });
});

describe("the length of a training", () => {
  it("is fixed with steps, and only with them", async () => {
    expect((await one(simple, ["training.step_rule=fixed", "training.steps=30"])).successor_model.training)
      .toMatchObject({
        step_rule: "fixed",
        steps: 30,
      });
    expect(await refusal(simple, ["training.step_rule=fixed"])).toBe(
      "command line: config key training.steps is missing: training.step_rule is fixed",
    );
    expect(await refusal(simple, ["training.steps=30"])).toBe(
      "command line: config key training.steps has no effect: training.step_rule is algorithm1",
    );
  });

  it.each(["epochs=3", "min_steps=3", "batch_size_args.min_batch_size=3"])(
    "takes no %s where it is fixed",
    async (argument) => {
      const key = argument.split("=")[0];
      expect(await refusal(simple, ["training.step_rule=fixed", "training.steps=30", `training.${argument}`])).toBe(
        `command line: config key training.${key} has no effect: training.step_rule is fixed`,
      );
    },
  );

  it("that the command line makes fixed overrules the file's epochs with a notice", async () => {
    const { notices } = await resolve(simple + "training: { epochs: 3 }\n", [
      "training.step_rule=fixed",
      "training.steps=30",
    ]);
    expect(notices).toEqual(["plan.yaml:3: training.epochs has no effect: training.step_rule is fixed (plan)"]);
  });

  it("can be fixed for one model alone", async () => {
    const { experiments } = await resolve(
      "defaults: [al_cls_asm]\nacquisition_model: { name: a }\nsuccessor_model: { name: b }\n",
      [
        ...["acquisition_model.training.step_rule=fixed", "acquisition_model.training.steps=9", "training.epochs=4"],
      ],
    );
    expect(experiments[0]).toMatchObject({
      acquisition_model: { training: { steps: 9 } },
      successor_model: { training: { steps: null, epochs: 4 } },
    });
  });

  it("shrinks no batch below the least, which is at most the batch", async () => {
    const sizes =
      (await one(simple, ["training.batch_size_args.batch_size=2"])).successor_model.training.batch_size_args;
    expect(sizes).toMatchObject({ batch_size: 2, min_batch_size: 2 });
    expect(await refusal(simple, ["training.batch_size_args.min_batch_size=32"])).toBe(
      "command line: config key training.batch_size_args.min_batch_size: found 32, expected at most batch_size, which is 16",
    );
  });
});
