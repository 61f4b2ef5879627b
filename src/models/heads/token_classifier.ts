import type { Head } from "../architecture.ts";
import { applyDense } from "../apply.ts";
import { dense } from "../initial.ts";
import type { Initializer } from "../initializer.ts";

/** A linear layer on each token's state, the same in all architectures. */
export function tokenClassifier<Config>(
  className: string | undefined,
  hidden: (config: Config) => number,
  initializer: (config: Config) => Initializer,
  dropout: (config: Config) => number,
): Head<Config> {
  return {
    ...(className === undefined ? {} : { className }),
    parameters: (config, outputs) => dense("classifier", outputs, hidden(config), initializer(config)),
    features: (_parameters, _config, encoded) => encoded.hidden,
    logits: (parameters, config, states, pass) =>
      applyDense(parameters, "classifier", pass.dropout(states, dropout(config))),
  };
}
