import { describe, expect, it } from "vitest";
import { configText, one, refusal, resolve, simple } from "./resolve.ts";

describe("defaults", () => {
  it("lay entries upon each other in their order, the file last where _self_ is not written", async () => {
    const base = { "one": "al: { num_queries: 3, strategy: margin }", "two": "al: { num_queries: 4 }" };
    const file = (list: string) => `defaults: ${list}\nacquisition_model: { name: m }\nal: { num_queries: 9 }\n`;
    expect((await one(file("[al_cls, one, two]"), [], base)).al).toMatchObject({ num_queries: 9, strategy: "margin" });
    expect((await one(file("[al_cls, one, _self_, two]"), [], base)).al.num_queries).toBe(4);
    expect((await one(file("[al_cls, two, _self_, one]"), [], base)).al.num_queries).toBe(3);
  });

  it("mount a config of a group at the group's key", async () => {
    const { data, acquisition_model } = await one(
      "defaults: [al_cls, {data: mail}, _self_]\nacquisition_model: { name: m }\n",
    );
    expect(data).toMatchObject({ dataset_name: "mail", validation: 0 });
    expect(acquisition_model.training.lr).toBe(2e-5);
  });

  it("mount training under both models, the key of one model stronger", async () => {
    const { acquisition_model, successor_model } = await one(
      "defaults: [al_cls_asm]\nacquisition_model: { name: a, training: { lr: 3 } }\nsuccessor_model: { name: b }\n" +
        "training: { lr: 2, epochs: 7 }\n",
    );
    expect(acquisition_model.training).toMatchObject({ lr: 3, epochs: 7 });
    expect(successor_model.training).toMatchObject({ lr: 2, epochs: 7 });
  });

  it("let training of the command line win over one model's key of the file", async () => {
    const file = "defaults: [al_cls]\nacquisition_model: { name: a, training: { lr: 3 } }\n";
    expect((await one(file, ["training.lr=4"])).acquisition_model.training.lr).toBe(4);
    expect((await one(file, ["training.lr=4", "acquisition_model.training.lr=5"])).acquisition_model.training.lr).toBe(
      5,
    );
  });

  it("mount elsewhere with @, and everywhere with a package header", async () => {
    const own = { "training/tiny": "lr: 0.5\n", "experiment/quick": "# @package _global_\nal: { num_queries: 2 }\n" };
    const file = "defaults: [al_cls_asm, {training@acquisition_model.training: tiny}, {experiment: quick}, _self_]\n" +
      "acquisition_model: { name: a }\nsuccessor_model: { name: b }\n";
    const { al, acquisition_model, successor_model } = await one(file, [], own);
    expect(acquisition_model.training.lr).toBe(0.5);
    expect(successor_model.training.lr).toBe(2e-5);
    expect(al.num_queries).toBe(2);
  });

  it("take null for no choice, a list for several, and optional for one that may be missing", async () => {
    const own = { "training/a": "lr: 0.5\nclip: 3\n", "training/b": "clip: 4\n" };
    const file =
      "defaults: [al_cls, {training: [a, b]}, {optional data: nowhere}, {al: null}]\nacquisition_model: { name: m }\n";
    // The choice replaces that of al_cls, so what neither says is missing.
    expect(await refusal(file, [], own)).toContain("acquisition_model.training.epochs is missing");
    const whole = { ...own, "training/a": `${configText("training/classification")}`, "al/none": "" };
    const { acquisition_model, data } = await one(file.replace("{optional data: nowhere}, ", ""), [], whole);
    expect(acquisition_model.training).toMatchObject({ lr: 2e-5, clip: 4 });
    expect(data.dataset_name).toBe("trec");
  });

  it("replace a choice made further down by override, and refuse one that replaces nothing", async () => {
    const file = "defaults: [al_cls, {override training: small}]\nacquisition_model: { name: m }\n";
    expect((await one(file)).acquisition_model.training).toMatchObject({ step_rule: "fixed", steps: 40 });
    expect(await refusal("defaults: [al_cls, {override trainin: small}]\n")).toBe(
      "plan.yaml:1: 'override trainin' replaces nothing: no config before it chooses trainin. Write 'trainin: small'",
    );
  });

  it("name a config that does not exist, with the nearest", async () => {
    expect(await refusal("defaults: [al_clss]\n")).toBe(
      "plan.yaml:1: there is no config 'al_clss'. Did you mean al_cls?",
    );
    expect(await refusal("defaults:\n  - al_cls\n  - data: mial\n")).toBe(
      "plan.yaml:3: there is no config 'data/mial'. Did you mean data/mail?",
    );
    expect(await refusal("defaults: [{data: wikipedia}]\n")).toMatch(
      /no config 'data\/wikipedia'\. There are: data\/.*trec/,
    );
  });

  it("refuse a config that includes itself, and entries of no form", async () => {
    const own = { a: "defaults: [b]", b: "defaults: [a]" };
    expect(await refusal("defaults: [a]\n", [], own)).toBe("b.yaml:1: config 'a' includes itself: a -> b -> a");
    expect(await refusal("defaults: [3]\n")).toBe(
      "plan.yaml:1: found 3 in defaults, expected a config's name, 'group: name', or _self_",
    );
    expect(await refusal("defaults: al_cls\n")).toBe("plan.yaml:1: defaults must be a list, such as [al_cls, _self_]");
  });

  it("count names of a config in a folder from there", async () => {
    const own = { "data/mine": "defaults: [own, _self_]\ntrain: mine.csv\n" };
    const file = "defaults: [al_cls, {data: mine}]\nacquisition_model: { name: m }\n";
    expect((await one(file, [], own)).data).toMatchObject({ train: "mine.csv", test_fraction: 0.2, validation: 0 });
  });
});

describe("interpolation", () => {
  it("keeps the type of a value that stands alone", async () => {
    const { al, acquisition_model } = await one(simple + "al: { step_p_or_n: '${al.init_p_or_n}' }\n", [
      "al.init_p_or_n=30",
    ]);
    expect(al.step_p_or_n).toBe(30);
    expect(acquisition_model.name).toBe("bert");
  });

  it("fills texts, through several keys, and takes whole sections", async () => {
    const file = "defaults: [al_cls_asm]\nname: '${al.strategy}-${acquisition_model.name}-${now:%Y-%m-%d_%H%M%S}'\n" +
      "acquisition_model: { name: a, distilled_from: '${successor_model.name}' }\nsuccessor_model: { name: b }\n";
    const { name, acquisition_model } = await one(file);
    expect(name).toBe("lc-a-2026-01-02_030405");
    expect(acquisition_model.distilled_from).toBe("b");
    const shared = "defaults: [al_cls_asm]\nacquisition_model: { name: a, training: { lr: 7 } }\n" +
      "successor_model: { name: b, training: { batch_size_args: '${acquisition_model.training.batch_size_args}' } }\n";
    expect((await one(shared)).successor_model.training.batch_size_args.batch_size).toBe(16);
  });

  it("leaves the sign itself after a backslash", async () => {
    expect((await one(simple + "data: { text_name: 'a\\${b}' }\n")).data.text_name).toBe("a${b}");
  });

  it.each([
    ["${al.stratgy}", "plan.yaml:3: config key metric: ${al.stratgy}: there is no such key. Did you mean al.strategy?"],
    ["${metric}", "plan.yaml:3: config key metric: ${metric} needs itself: metric -> metric"],
    ["${oc.env:HOME}", "unknown resolver 'oc.env'. There are: now, as in ${now:%Y-%m-%d}"],
    ["${.name}", "keys are counted from the root, such as ${al.strategy}"],
    ["${al.strategy", "an interpolation ${...} is not closed"],
    ["${a${b}}", "an interpolation cannot stand in another"],
    ["${}", "an interpolation names no key"],
    ["x${al}", "${al} is a section and cannot stand within a text"],
    ["${now:%Q}", "'%Q' is not known. There are: %Y %y %m %d %H %M %S %%"],
  ])("refuses %s", async (text, message) => {
    expect(await refusal(`${simple}metric: '${text}'\n`)).toContain(message);
  });
});

describe("arguments", () => {
  it("win over the file, the last of a key over those before it", async () => {
    const { al, seeds } = await one(simple + "al: { num_queries: 3 }\n", [
      "al.num_queries=4",
      "al.num_queries=5",
      "seeds=[4, 2]",
    ]);
    expect(al.num_queries).toBe(5);
    expect(seeds).toEqual([4, 2]);
  });

  it("are read by type: numbers, truth, none, lists, maps, texts of any signs", async () => {
    const { data, al, acquisition_model } = await one(simple, [
      "acquisition_model.training.lr=2e-3",
      "al.split_by_tokens=true",
      "data.path=null",
      "data.text_name=a: b #c",
      "data.label_name='null'",
      "training={epochs: 3}",
      "al.sampling_type=ups",
      "al.ups.iters_to_recalc_scores=[0,5]",
      "acquisition_model.name=google/electra-small-discriminator",
    ]);
    expect(acquisition_model).toMatchObject({
      name: "google/electra-small-discriminator",
      training: { lr: 0.002, epochs: 3 },
    });
    expect(data).toMatchObject({ path: null, text_name: "a: b #c", label_name: "null" });
    expect(al).toMatchObject({ split_by_tokens: true, ups: { iters_to_recalc_scores: [0, 5] } });
  });

  it("choose configs from groups", async () => {
    expect((await one(simple, ["data=mail"])).data.dataset_name).toBe("mail");
    expect((await one(simple, ["data=own", "data.train=a.csv"])).data).toMatchObject({
      dataset_name: null,
      train: "a.csv",
    });
    const { acquisition_model, successor_model } = await one(
      "defaults: [al_cls_asm]\nacquisition_model: { name: a }\nsuccessor_model: { name: b }\n",
      ["training@acquisition_model.training=small"],
    );
    expect(acquisition_model.training.step_rule).toBe("fixed");
    expect(successor_model.training.step_rule).toBe("algorithm1");
    const own = { "experiment/quick": "# @package _global_\nal: { num_queries: 2 }\n" };
    expect((await one(simple + "al: { num_queries: 8 }\n", ["experiment=quick"], own)).al.num_queries).toBe(2);
  });

  it("leave the file's keys above a choice that its defaults make", async () => {
    const { acquisition_model: { training } } = await one(simple + "training: { lr: 9 }\n", ["training=small"]);
    expect(training).toMatchObject({ lr: 9, step_rule: "fixed" });
  });

  it("may begin with Hydra's signs for a new key", async () => {
    expect(await one(simple, ["+al.num_queries=2", "++metric=macro_f1"])).toMatchObject({
      metric: "macro_f1",
      al: { num_queries: 2 },
    });
  });

  it("that begin with '.' belong to the one before", async () => {
    const { acquisition_model } = await one(simple, ["training.batch_size_args", ".batch_size=8"]);
    expect(acquisition_model.training.batch_size_args.batch_size).toBe(8);
    expect(await refusal(simple, [".batch_size=8"])).toBe(
      "command line: '.batch_size=8' continues an argument, but none stands before it",
    );
  });

  it.each([
    ["al.strategy", "command line: 'al.strategy' is not key=value, such as al.strategy=random"],
    ["=3", "command line: '=3' is not key=value, such as al.strategy=random"],
    ["~al.ups", "command line: '~al.ups': keys cannot be removed. Set the key to null, or choose another config"],
    ["al.strategy=", "command line: 'al.strategy=' has no value. For none, write al.strategy=null"],
    ["seeds=[0", "command line: 'seeds=[0': cannot read the value. A list is written [0, 1], a text 'so'"],
    ["data=mial", "command line: there is no config 'data/mial'. Did you mean data/mail?"],
    [
      "data=null",
      "command line: config key data: found null, expected the name of a config of the group data, or a key, such as data.dataset_name",
    ],
    [
      "acquisition_model=bert",
      "command line: there is no config 'acquisition_model/bert'. A key is set like this: acquisition_model.name=bert",
    ],
    [
      "training@acquisition_model.training={a: 1}",
      "expected the name of a config of the group training@acquisition_model.training",
    ],
    ["tasks=[]", "command line: config key tasks cannot be set by an argument"],
  ])("refuse %s", async (argument, message) => {
    expect(await refusal(simple, [argument])).toContain(message);
  });

  it("report the launcher's keys as not used", async () => {
    const { notices } = await resolve(simple, ["hydra.run.dir=x", "hydra/launcher=joblib", "cuda_devices=[0]"]);
    expect(notices).toEqual([
      "not used, since they concern the thesis's launcher: cuda_devices, hydra.run.dir, hydra/launcher",
    ]);
  });
});
