import {
  get,
  isEmpty,
  LAYER,
  type Layer,
  leaf,
  type Node,
  type Origin,
  plain,
  put,
  type Section,
  values,
  without,
} from "./node.ts";

/** A statement of the user's that changes nothing in one experiment. */
export interface IdleStatement {
  readonly origin: Origin;
  /** The key it came to stand at; `training.lr` stands at two. */
  readonly at: string;
  /** What makes it so: "al.strategy is random". */
  readonly because: string;
  /** Who made it so. What a later layer made idle was simply overruled. */
  readonly layer: Layer;
  /** Worth a notice only, since the thesis's own listings do it. */
  readonly tolerated: boolean;
}

/** An experiment that is being settled. Keys are dotted. */
export class Draft {
  readonly idle: IdleStatement[] = [];
  readonly notices: string[] = [];
  #tree: Section;

  constructor(tree: Section) {
    this.#tree = tree;
  }

  get tree(): Section {
    return this.#tree;
  }

  /** What stands there; undefined for null, too. */
  node(key: string): Node | undefined {
    const node = get(this.#tree, key.split("."));
    return isEmpty(node) ? undefined : node;
  }

  value(key: string): unknown {
    const node = this.node(key);
    return node && plain(node);
  }

  /** Who said it last, be it null. */
  layer(key: string): Layer {
    return get(this.#tree, key.split("."))?.origin.layer ?? LAYER.library;
  }

  /** True of a value that the user, not a base config, gave. */
  isGiven(key: string): boolean {
    return this.node(key) !== undefined && this.layer(key) > LAYER.library;
  }

  set(key: string, node: Node): void {
    this.#tree = put(this.#tree, key.split("."), node);
  }

  setValue(key: string, value: string | number | null): void {
    this.set(key, leaf(value, get(this.#tree, key.split("."))?.origin ?? { layer: LAYER.library, place: "", key }));
  }

  remove(key: string): void {
    this.#tree = without(this.#tree, key.split("."));
  }

  /** Notes what the user stated at and below a key as idle. What was stated for both models stays out of it. */
  setAside(key: string, because: string, layer: Layer, { tolerated = false, shared = true } = {}): void {
    const node = this.node(key);
    for (const [path, { origin }] of node ? values(node) : []) {
      if (origin.layer === LAYER.library || (!shared && !origin.key.startsWith(key))) continue;
      this.idle.push({ origin, at: [key, ...path].join("."), because, layer, tolerated });
    }
  }
}

export const MODELS = ["acquisition_model", "successor_model"] as const;
export type Model = (typeof MODELS)[number];
