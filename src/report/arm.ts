import type { Curve, Relation } from "../evaluation/curve.ts";
import { impliedRelation, relationRank, relationWord } from "../evaluation/relation.ts";
import type { ExperimentConfig } from "../config/schema.ts";
import type { ReportData, RunJournal } from "./report_data.ts";

/** One experiment of a plan, as a report speaks of it, with its runs over seeds. */
export interface Arm {
  readonly experiment: ExperimentConfig;
  readonly dataset: string;
  readonly successor: string;
  readonly acquisition: string;
  readonly strategy: string;
  readonly relation: Relation | undefined;
  /** Runs that have begun, by seed. */
  readonly runs: readonly RunJournal[];
}

/** The experiments of one successor on one data set, baselines first. */
export interface ArmGroup {
  readonly dataset: string;
  readonly successor: string;
  readonly arms: readonly Arm[];
}

/** The plan's experiments by data set and successor. */
export function armGroups(data: ReportData): ArmGroup[] {
  const arms = data.plan.experiments.map((experiment) => armOf(experiment, data));
  const groups = Map.groupBy(arms, ({ dataset, successor }) => JSON.stringify([dataset, successor]));
  return [...groups.values()].map((members) => ({
    dataset: members[0]!.dataset,
    successor: members[0]!.successor,
    arms: members.toSorted(compareArms),
  }));
}

/** As curves are ordered, so that every figure gives an arm the same place and colour. */
function compareArms(a: Arm, b: Arm): number {
  const text = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return relationRank(a.relation) - relationRank(b.relation) || text(a.acquisition, b.acquisition) ||
    text(a.strategy, b.strategy);
}

/** "distilled: DistilBERT". */
export function armName(arm: Arm, group: ArmGroup): string {
  if (arm.strategy === "random") return "random";
  return `${arm.relation ?? `relation ${relationWord(arm.relation)}`}: ${pickerName(arm, group)}`;
}

/** "DistilBERT"; with the strategy where the group has several. */
export function pickerName({ acquisition, strategy }: Arm, { arms }: ArmGroup): string {
  const strategies = new Set(arms.map((arm) => arm.strategy).filter((each) => each !== "random"));
  return strategies.size > 1 ? `${acquisition}, ${strategy}` : acquisition;
}

/** "BERT on trec". */
export function groupTitle({ dataset, successor }: Pick<ArmGroup, "dataset" | "successor">): string {
  return dataset ? `${successor} on ${dataset}` : successor;
}

function armOf(experiment: ExperimentConfig, { curves, runs }: ReportData): Arm {
  const { al, al_type, data } = experiment;
  const own = curves.filter((curve) => isCurveOf(experiment, curve));
  return {
    experiment,
    dataset: own[0]?.dataset ?? data.dataset_name ?? data.train ?? "",
    successor: experiment.successor_model.name,
    acquisition: experiment.acquisition_model.name,
    strategy: al.strategy,
    relation: own[0]?.relation ?? impliedRelation({ al_type, strategy: al.strategy }),
    runs: runs.filter((run) => run.experiment === experiment.name),
  };
}

/** Whether a curve is an experiment's, as far as its columns tell. */
export function isCurveOf(experiment: ExperimentConfig, curve: Curve): boolean {
  const { data, al, acquisition_model, successor_model } = experiment;
  return curve.successor === successor_model.name && curve.strategy === al.strategy &&
    (al.strategy === "random" || curve.acquisition === acquisition_model.name) &&
    (data.dataset_name === null || curve.dataset === "" || curve.dataset === data.dataset_name);
}
