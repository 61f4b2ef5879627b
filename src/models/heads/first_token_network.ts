import type { ActivationKind } from "../../tfjs/operations/activation.ts";
import { activation } from "../../tfjs/operations/activation.ts";
import type { Head } from "../architecture.ts";
import { applyDense } from "../apply.ts";
import { dense } from "../initial.ts";
import type { Initializer } from "../initializer.ts";
import { firstToken } from "../pooling.ts";

/** RoBERTa's and ELECTRA's classifier: a network of one hidden layer on the first token's state, with a dropout before each layer. */
export function firstTokenNetwork<Config extends { readonly hidden_size: number }>(
  className: string,
  kind: ActivationKind,
  initializer: (config: Config) => Initializer,
  dropout: (config: Config) => number,
): Head<Config> {
  return {
    className,
    parameters: (config, outputs) => [
      ...dense("classifier.dense", config.hidden_size, config.hidden_size, initializer(config)),
      ...dense("classifier.out_proj", outputs, config.hidden_size, initializer(config)),
    ],
    features(parameters, config, { hidden }, batch, pass) {
      const first = pass.dropout(firstToken(hidden, batch), dropout(config));
      return activation(applyDense(parameters, "classifier.dense", first), kind);
    },
    logits: (parameters, config, features, pass) =>
      applyDense(parameters, "classifier.out_proj", pass.dropout(features, dropout(config))),
  };
}
