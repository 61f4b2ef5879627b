import type { Tensor } from "@tensorflow/tfjs-core";
import { joinedParameters } from "../tfjs/joined_parameters.ts";
import { createParameters, type Parameters, type ParameterValues } from "../tfjs/parameters.ts";
import type { Architecture, Encoded, InitialParameter, ModelShape } from "./architecture.ts";
import type { Batch } from "./batch.ts";
import type { Pass } from "./pass.ts";

/** What a model is before it has weights: its architecture, its configuration and how many classes it tells apart. */
export interface ClassifierSpec {
  readonly architecture: Architecture;
  readonly config: ModelShape;
  readonly classes: number;
}

/** All parameters of a classifier, the backbone's first. */
export function classifierParameters({ architecture, config, classes }: ClassifierSpec): InitialParameter[] {
  return [...architecture.backbone(config), ...architecture.classification.parameters(config, classes)];
}

/** The parameters of the head that are the same however many classes there are, such as a pooler's. */
export function sharedParameters({ architecture, config }: Omit<ClassifierSpec, "classes">): InitialParameter[] {
  const { classification } = architecture;
  const others = new Map(classification.parameters(config, 3).map(({ name, shape }) => [name, String(shape)]));
  return classification.parameters(config, 2).filter(({ name, shape }) => others.get(name) === String(shape));
}

/** A text classifier with weights on the current backend. */
export class Classifier {
  readonly parameters: Parameters;
  /** Those that a training changes. */
  readonly learning: Parameters;

  /** @param learns whether the parameter of a name is one that a training changes; all are where this is absent */
  constructor(readonly spec: ClassifierSpec, values: ParameterValues, learns?: (name: string) => boolean) {
    const specs = classifierParameters(spec);
    this.learning = createParameters(learns ? specs.filter(({ name }) => learns(name)) : specs, values);
    this.parameters = learns
      ? joinedParameters(specs, [createParameters(specs.filter(({ name }) => !learns(name)), values), this.learning])
      : this.learning;
  }

  encode(batch: Batch, pass: Pass): Encoded {
    return this.spec.architecture.encode(this.parameters, this.spec.config, batch, pass);
  }

  /** The vectors by which texts are classified: [rows, features]. */
  features(batch: Batch, pass: Pass): Tensor {
    return this.featuresOf(this.encode(batch, pass), batch, pass);
  }

  /** The same from hidden states that are there already. */
  featuresOf(encoded: Encoded, batch: Batch, pass: Pass): Tensor {
    const { architecture, config } = this.spec;
    return architecture.classification.features(this.parameters, config, encoded, batch, pass);
  }

  /** [rows, classes]. */
  logits(batch: Batch, pass: Pass): Tensor {
    return this.logitsOf(this.features(batch, pass), pass);
  }

  /** The same from features that are there already. */
  logitsOf(features: Tensor, pass: Pass): Tensor {
    const { architecture, config } = this.spec;
    return architecture.classification.logits(this.parameters, config, features, pass);
  }

  dispose(): void {
    this.parameters.dispose();
  }
}
