import type { Tensor } from "@tensorflow/tfjs-core";
import { activation } from "../../tfjs/operations/activation.ts";
import { linear } from "../../tfjs/operations/linear.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import type { Architecture, Encoded } from "../architecture.ts";
import type { Batch } from "../batch.ts";
import type { Pass } from "../pass.ts";
import { firstToken, meanOfTokens } from "../pooling.ts";
import { type BertConfig, parseBertConfig } from "./config.ts";
import { encodeBert } from "./encoder.ts";
import { bertBackbone, bertClassification, bertParameterName } from "./parameters.ts";

/** BERT: Devlin et al., BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding, 2018. */
export const bert: Architecture<BertConfig> = {
  name: "bert",
  parseConfig: parseBertConfig,
  backbone: bertBackbone,
  parameterName: bertParameterName,
  dropout: (config) =>
    Math.max(config.hidden_dropout_prob, config.attention_probs_dropout_prob, classifierDropout(config)),
  encode: encodeBert,
  classification: { parameters: bertClassification, features, logits },
};

/** The pooler's output. */
function features(parameters: Parameters, config: BertConfig, { hidden }: Encoded, batch: Batch): Tensor {
  const pooling = config.pooling === "mean" ? meanOfTokens : firstToken;
  return activation(dense(parameters, "bert.pooler.dense", pooling(hidden, batch)), "tanh");
}

function logits(parameters: Parameters, config: BertConfig, pooled: Tensor, pass: Pass): Tensor {
  return dense(parameters, "classifier", pass.dropout(pooled, classifierDropout(config)));
}

function dense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}

function classifierDropout({ classifier_dropout, hidden_dropout_prob }: BertConfig): number {
  return classifier_dropout ?? hidden_dropout_prob;
}
