import type { Files } from "../host.ts";
import type { Hub } from "../hub/hub.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { ParameterValues } from "../tfjs/parameters.ts";
import type { Architecture, ModelShape } from "./architecture.ts";

/** A model that a plan may name. */
export interface ModelSource {
  readonly name: string;
  /** The teacher that it was distilled from, by name. */
  readonly distilledFrom?: string;
  /** Why it cannot be had, where it cannot; a plan that names it says so before anything trains. */
  readonly missing?: string;
  /** What a host fetches once the model is named, in megabytes, where it comes neither with Pupil nor from the hub. */
  readonly megabytes?: number;
  /** Whether it is on the hub, where a model has revisions. */
  readonly onHub?: true;
  /** @param revision a branch, a tag or a commit, of a model on the hub */
  load(places: ModelPlaces, revision?: string): Promise<LoadedModel>;
}

/** Where models are that are not the user's own. */
export interface ModelPlaces {
  /** The project's files, from its root. */
  readonly assets: Files;
  /** Absent where the host asks none. */
  readonly hub?: Hub | undefined;
}

/** What a training begins from. */
export interface LoadedModel {
  readonly name: string;
  readonly architecture: Architecture;
  readonly config: ModelShape;
  readonly tokenizer: Tokenizer;
  /** Pretrained weights by name, of the backbone and, as far as there are any, of a classifier's head; a model without them begins from its seed. */
  readonly pretrained?: ParameterValues;
  /** What a person should know of its files. */
  readonly notices?: readonly string[];
  /** Hash of what decides how it begins. */
  readonly fingerprint: string;
}
