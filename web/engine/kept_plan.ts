import { InputError } from "../../src/errors.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";
import { readPlan } from "../../src/experiment/run_directory.ts";
import { statusOf } from "../../src/experiment/status.ts";
import { below, type Files } from "../../src/host.ts";
import type { Settings } from "./api.ts";
import { castOf } from "./cast.ts";
import { choiceOf } from "./hub_name.ts";
import type { Opening } from "./lab_plan.ts";

/**
 * A run directory that is kept here, wherever it was made, and the settings that come nearest to it.
 *
 * @throws InputError where there is no such run
 */
export async function keptPlan(
  folder: string,
  seed: number,
  root: Files,
): Promise<{ readonly opening: Opening; readonly settings: Settings }> {
  const files = below(root, `runs/${folder}`);
  const plan = await readPlan(files);
  const cast = plan && castOf(plan.experiments, seed, await statusOf(files, plan.experiments));
  if (!plan || !cast) throw new InputError(`there is no run '${folder}' here`);
  const main = plan.experiments.find(({ name }) => name === cast.main)!;
  const { data, al, acquisition_model, successor_model } = main;
  const settings: Settings = {
    data: data.dataset_name ?? "",
    successor: choiceOf(successor_model),
    acquisition: choiceOf(acquisition_model),
    strategy: al.strategy,
    seed: cast.seed,
    step: al.step_p_or_n,
    oracle: await isLabelledByPerson(files, cast.main, cast.seed) ? "person" : "gold",
  };
  return { opening: { name: plan.name, experiments: plan.experiments, notices: [], cast, folder }, settings };
}

/** Whether a person gave labels of a run: a person then goes on with it. */
async function isLabelledByPerson(files: Files, experiment: string, seed: number): Promise<boolean> {
  const path = `${experiment}/seed-${seed}/journal.jsonl`;
  const bytes = await files.read(path);
  const { events } = bytes ? readJournal(bytes, files.describe(path)) : { events: [] };
  return events.some((event) => event.event === "label" && event.by !== "gold");
}
