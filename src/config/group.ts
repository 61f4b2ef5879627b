import * as v from "valibot";
import { suggest } from "../registry.ts";
import { configError, keyError } from "./config_error.ts";
import type { DraftExperiment } from "./form.ts";
import {
  described,
  get,
  isEmpty,
  LAYER,
  leaf,
  type Node,
  plain,
  put,
  type Scalar,
  type Section,
  without,
} from "./node.ts";

const model = v.pipe(v.string(), v.nonEmpty());
const acquisition = v.union([model, v.strictObject({ name: model, distilled_from: v.optional(v.nullable(model)) })]);
const parts = {
  successor: { shape: model, expected: "the model that is trained on what was picked" },
  acquisitions: {
    shape: v.pipe(v.array(acquisition), v.minLength(1)),
    expected: "a list of models that pick, such as [encoder-32, bag-64]",
  },
  strategy: { shape: v.optional(model), expected: "a strategy's name" },
} as const;

/**
 * A group, which is what one REU table needs: one successor with random selection (`random`), with its own picks (`self`),
 * and with the picks of each acquisition model (`asm-NAME`). All else is equal; `random` and `self` train as the successor does.
 *
 * `tree` is the whole config, interpolated.
 *
 * @throws InputError for keys that name models beside the group, for a strategy that is named twice or is random, and for an
 *   acquisition model that is the successor, or named twice
 */
export function expandGroup(tree: Section, group: Node, place: string): DraftExperiment[] {
  const { successor, acquisitions, strategy } = readGroup(group);
  const config = without(tree, ["group"]);
  for (const key of ["acquisition_model.name", "acquisition_model.distilled_from", "successor_model.name", "al_type"]) {
    const node = get(config, key.split("."));
    if (node && node.origin.layer > LAYER.library) {
      throw keyError(
        node.origin,
        " has no place beside group, whose models are group.successor and group.acquisitions",
      );
    }
  }
  const named = get(config, ["al", "strategy"]);
  if (strategy !== undefined && named && named.origin.layer > LAYER.library) {
    throw keyError(named.origin, ` has no effect: group.strategy is ${strategy}. Set group.strategy`);
  }
  const origin = group.origin;
  const set = (base: Section, key: string, value: Scalar) =>
    put(base, key.split("."), leaf(value, { ...origin, layer: LAYER.library }));
  const base = [
    ...(strategy === undefined ? [] : [["al.strategy", strategy] as const]),
    ["successor_model.name", successor] as const,
  ].reduce((below, [key, value]) => set(below, key, value), without(config, ["al_type"]));
  const rule = get(base, ["al", "strategy"]);
  if (rule && plain(rule) === "random") {
    throw keyError(rule.origin, ": found 'random', expected a strategy that picks. A group has its random run anyway");
  }

  const draft = (name: string, tree: Section): DraftExperiment => ({
    place,
    tree: set(tree, "name", name),
    unused: [],
  });
  const own = get(base, ["successor_model"]);
  const self = without(own ? put(base, ["acquisition_model"], own) : base, ["successor_model"]);
  return [
    draft("random", set(self, "al.strategy", "random")),
    draft("self", self),
    ...acquisitions.map(({ name, distilled_from }) => {
      const asm = set(set(base, "acquisition_model.name", name), "acquisition_model.distilled_from", distilled_from);
      return draft(`asm-${name.replaceAll(/[^A-Za-z0-9._-]+/g, "-")}`, asm);
    }),
  ];
}

interface Group {
  readonly successor: string;
  readonly acquisitions: readonly { readonly name: string; readonly distilled_from: string | null }[];
  readonly strategy: string | undefined;
}

function readGroup(group: Node): Group {
  const known = Object.keys(parts);
  if (group.kind !== "section") {
    throw keyError(group.origin, `: found ${described(group)}, expected a section with ${known.join(", ")}`);
  }
  for (const [key, { origin }] of group.entries) {
    if (!known.includes(key)) throw keyError(origin, ` is unknown. ${suggest(key, known)}`);
  }
  const read = <Shape extends v.GenericSchema>(key: keyof typeof parts, shape: Shape): v.InferOutput<Shape> => {
    const node = group.entries.get(key);
    const result = v.safeParse(shape, node === undefined || isEmpty(node) ? undefined : plain(node));
    if (result.success) return result.output;
    const { expected } = parts[key];
    if (node !== undefined) throw keyError(node.origin, `: found ${described(node)}, expected ${expected}`);
    throw configError(`${group.origin.place}: config key group.${key} is missing, expected ${expected}`);
  };
  const successor = read("successor", parts.successor.shape);
  const acquisitions = read("acquisitions", parts.acquisitions.shape)
    .map((each) => typeof each === "string" ? { name: each } : each)
    .map(({ name, distilled_from }) => ({ name, distilled_from: distilled_from ?? null }));
  const at = group.entries.get("acquisitions")?.origin ?? group.origin;
  acquisitions.forEach(({ name }, index) => {
    if (name === successor) {
      throw keyError(at, ` holds the successor, ${name}. Self-selection is in every group anyway`);
    }
    if (acquisitions.findIndex((each) => each.name === name) !== index) throw keyError(at, ` holds ${name} twice`);
  });
  return { successor, acquisitions, strategy: read("strategy", parts.strategy.shape) };
}
