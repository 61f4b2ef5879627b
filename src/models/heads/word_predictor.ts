import { activation, type ActivationKind } from "../../tfjs/operations/activation.ts";
import { wordProducts } from "../../tfjs/operations/word_products.ts";
import type { Head } from "../architecture.ts";
import { applyDense, applyNorm } from "../apply.ts";
import { bias, dense, norm } from "../initial.ts";
import type { Initializer } from "../initializer.ts";

/** How an architecture's masked-word head is called and made. */
export interface WordPredictorOptions<Config> {
  readonly className: string;
  readonly names: { readonly dense: string; readonly norm: string; readonly bias: string; readonly words: string };
  hidden(config: Config): number;
  /** Of the word embeddings, where they are narrower than the layers; as `hidden` where it is absent. */
  embedded?(config: Config): number;
  epsilon(config: Config): number;
  activation(config: Config): ActivationKind;
  initializer(config: Config): Initializer;
}

/** The head of masked language models: a layer with a norm, then products with the word embeddings themselves, and a bias. */
export function wordPredictor<Config extends { readonly vocab_size: number }>(
  { className, names, hidden, embedded = hidden, epsilon, activation: kind, initializer }: WordPredictorOptions<Config>,
): Head<Config> {
  return {
    className,
    parameters: (config) => [
      bias(names.bias, config.vocab_size),
      ...dense(names.dense, embedded(config), hidden(config), initializer(config)),
      ...norm(names.norm, embedded(config)),
    ],
    features: (_parameters, _config, encoded) => encoded.hidden,
    logits(parameters, config, states) {
      const inner = activation(applyDense(parameters, names.dense, states), kind(config));
      const normal = applyNorm(parameters, names.norm, inner, epsilon(config));
      return wordProducts(normal, parameters.table(`${names.words}.weight`), parameters.get(names.bias));
    },
  };
}
