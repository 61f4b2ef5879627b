import type { ActivationKind } from "../../tfjs/operations/activation.ts";
import type { Initializer } from "../initializer.ts";

/** What architectures with transformer layers differ in. */
export interface Transformer {
  readonly layers: number;
  readonly heads: number;
  readonly hidden: number;
  /** The width of the feed-forward network. */
  readonly inner: number;
  readonly activation: ActivationKind;
  /**
   * - `after`: each half of a layer ends with a norm, of its input and what it made of that (Vaswani et al., 2017)
   * - `before`: each half begins with one, and adds to its input (Radford et al., 2019)
   */
  readonly norm: "after" | "before";
  readonly epsilon: number;
  /** Whether a token sees only those before it. */
  readonly causal: boolean;
  readonly dropout: {
    readonly attentionWeights: number;
    /** Of what attention, projected, adds to the layer's input. */
    readonly attended: number;
    /** Of what the feed-forward network adds. */
    readonly output: number;
  };
  /** How weight matrices begin. */
  readonly initializer: Initializer;
  /** What the parameters of a layer, from 0, are called. */
  names(layer: number): LayerNames;
}

export interface LayerNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** The projection of what the heads attended to. */
  readonly attended: string;
  readonly attentionNorm: string;
  readonly inner: string;
  readonly output: string;
  readonly outputNorm: string;
}
