import { describe, expect, it } from "vitest";
import { refusal, resolve } from "./resolve.ts";

const task = (name: string, more = "") =>
  `  - name: ${name}\n    config_name: al_cls\n    args: acquisition_model.name=bert ${more}\n    seeds: [3]\n`;

describe("a task list", () => {
  it("lays base, file, arguments and command line upon each other", async () => {
    const file = `name: mine\nal: { num_queries: 4, init_p_or_n: 10 }\nmetric: macro_f1\ntasks:\n` +
      task("a", "al.num_queries=5") + task("b");
    const { name, experiments } = await resolve(file, ["al.init_p_or_n=20"]);
    expect(name).toBe("mine");
    expect(
      experiments.map((
        { name, metric, seeds, al },
      ) => [name, metric, seeds, al.num_queries, al.init_p_or_n, al.strategy]),
    )
      .toEqual([["a", "macro_f1", [3], 5, 20, "lc"], ["b", "macro_f1", [3], 4, 20, "lc"]]);
  });

  it("takes the base's seeds where a task has none, and the command line's before all", async () => {
    const file = "tasks:\n" + task("a").replace("    seeds: [3]\n", "");
    expect((await resolve(file)).experiments[0]!.seeds).toEqual([0, 1, 2]);
    expect((await resolve("tasks:\n" + task("a"), ["seeds=[9]"])).experiments[0]!.seeds).toEqual([9]);
  });

  it("splits arguments as a shell does, or takes a list", async () => {
    const quoted = "tasks:\n" + task("a", `data.text_name='the text' data.label_name="a \\"b\\"" data.id_name=a\\ b`);
    expect((await resolve(quoted)).experiments[0]!.data).toMatchObject({
      text_name: "the text",
      label_name: 'a "b"',
      id_name: "a b",
    });
    const list =
      "tasks:\n  - name: a\n    config_name: al_cls\n    args: [acquisition_model.name=x, 'data.text_name=the text']\n";
    expect((await resolve(list)).experiments[0]!.data.text_name).toBe("the text");
    expect(await refusal("tasks:\n" + task("a", "data.text_name='x"))).toContain(
      "plan.yaml:4: a quote (') is not closed in: ",
    );
  });

  it("may choose configs from groups and name a task by its config", async () => {
    const file = "tasks:\n" + task("'${al.strategy}-${data.dataset_name}'", "data=mail");
    const { experiments } = await resolve(file);
    expect(experiments[0]).toMatchObject({ name: "lc-mail", data: { dataset_name: "mail" } });
  });

  it("is no mistake where an option serves one task of several", async () => {
    const file = "al: { sampling_type: naive, gamma_or_k_confident_to_save: 9 }\ntasks:\n" +
      task("a", "al.strategy=random") + task("b");
    expect((await resolve(file)).notices).toEqual([]);
    expect(await refusal("tasks:\n" + task("a", "al.strategy=random al.sampling_type=ups") + task("b"))).toBe(
      "plan.yaml:4: config key al.sampling_type has no effect: al.strategy is random, which scores nothing",
    );
  });

  it.each([
    ["tasks: []\n", "plan.yaml:1: config key tasks: found [], expected a list of tasks"],
    [
      "tasks: [a]\n",
      "plan.yaml:1: config key tasks[0]: found 'a', expected a task with name, config_name, args, seeds",
    ],
    [
      "tasks:\n  - config_name: al_cls\n",
      "plan.yaml:2: config key tasks[0]: a task needs a name, which becomes its folder",
    ],
    [
      "tasks:\n  - name: a\n    confg_name: al_cls\n",
      "plan.yaml:3: config key tasks[0].confg_name is unknown. Did you mean config_name?",
    ],
    [
      "tasks:\n  - name: a\n    config_name: al_clss\n",
      "plan.yaml:3: there is no config 'al_clss'. Did you mean al_cls?",
    ],
    [
      "tasks:\n" + task("a") + "    n_repeats: 3\n",
      "plan.yaml:6: config key tasks[0].n_repeats: found 3, expected 1. To repeat an experiment, give more seeds, such as seeds: [0, 1, 2]",
    ],
    [
      "tasks:\n" + task("a") + task("A"),
      "plan.yaml:6: the name 'A' is taken, by the experiment at plan.yaml:2. Names are folders and must differ",
    ],
    ["tasks:\n" + task("a b"), "plan.yaml:2: config key tasks[0].name: found 'a b', expected letters, digits"],
    ["tasks:\n" + task("a", "x=3"), "plan.yaml:4: config key x is unknown"],
    ["tasks:\n" + task("a", "word"), "plan.yaml:4: 'word' is not key=value"],
    [
      "tasks:\n" + task("a").replace("[3]", "[3, 3]"),
      "plan.yaml:5: config key tasks[0].seeds: found [3,3], expected a list of different",
    ],
    [
      "tasks:\n" + task("a") + "group: { successor: x }\n",
      "plan.yaml:6: config key group has no place beside tasks (plan.yaml:1)",
    ],
    [
      "tasks:\n  - name: a\n    args: 3\n",
      "plan.yaml:3: config key tasks[0].args: found 3, expected arguments such as al.strategy=random",
    ],
  ])("is refused: %j", async (file, message) => {
    expect(await refusal(file)).toContain(message);
  });
});
