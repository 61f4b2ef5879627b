import { add, matMul, mul, reshape, type Tensor, tensor, transpose } from "@tensorflow/tfjs-core";
import { constant } from "../../tfjs/constants.ts";
import { embedding, type EmbeddingIds } from "../../tfjs/operations/embedding.ts";
import { gelu } from "../../tfjs/operations/gelu.ts";
import { layerNorm } from "../../tfjs/operations/layer_norm.ts";
import { linear } from "../../tfjs/operations/linear.ts";
import { softmax } from "../../tfjs/operations/softmax.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import type { Encoded } from "../architecture.ts";
import { type Batch, tokenIds } from "../batch.ts";
import type { Pass } from "../pass.ts";
import type { BertConfig } from "./config.ts";

/** Added to the scores of padding before the softmax: the lowest float32, as the reference implementation has it. */
const MASKED = -3.4028234663852886e38;

/**
 * The encoder of Devlin et al., 2018: embeddings, then layers of self-attention and a feed-forward network, each followed by
 * dropout, the residual and a layer norm (post-norm).
 */
export function encodeBert(parameters: Parameters, config: BertConfig, batch: Batch, pass: Pass): Encoded {
  const layers = [embed(parameters, config, batch, pass)];
  const mask = attentionMask(batch);
  for (let index = 0; index < config.num_hidden_layers; index++) {
    const layer = `bert.encoder.layer.${index}`;
    const attended = attend(parameters, config, `${layer}.attention`, layers.at(-1)!, mask, batch, pass);
    layers.push(feedForward(parameters, config, layer, attended, pass));
  }
  return { hidden: layers.at(-1)!, layers };
}

function embed(parameters: Parameters, config: BertConfig, batch: Batch, pass: Pass): Tensor {
  const { rows, length } = batch;
  const lookUp = (name: string, ids: EmbeddingIds) => embedding(parameters.get(`bert.embeddings.${name}.weight`), ids);
  const positions = Int32Array.from({ length: rows * length }, (_, index) => index % length);
  const types = batch.tokenTypes ?? new Int32Array(rows * length);
  const sum = add(
    add(
      lookUp("word_embeddings", tokenIds(batch, config.pad_token_id)),
      lookUp("position_embeddings", { values: positions, shape: [rows, length] }),
    ),
    lookUp("token_type_embeddings", { values: types, shape: [rows, length] }),
  );
  return pass.dropout(normalized(parameters, config, "bert.embeddings.LayerNorm", sum), config.hidden_dropout_prob);
}

function attend(
  parameters: Parameters,
  config: BertConfig,
  name: string,
  input: Tensor,
  mask: Tensor,
  { rows, length }: Batch,
  pass: Pass,
): Tensor {
  const { hidden_size: hidden, num_attention_heads: heads } = config;
  const size = hidden / heads;
  const project = (part: string, order: number[]) => {
    const projected = dense(parameters, `${name}.self.${part}`, input);
    return transpose(reshape(projected, [rows, length, heads, size]), order);
  };
  // The keys are laid out transposed at once: a product with a transposed factor takes the slow path of the stock kernel.
  const query = project("query", [0, 2, 1, 3]);
  const key = project("key", [0, 2, 3, 1]);
  const scores = mul(matMul(query, key), constant(1 / Math.sqrt(size)));
  const weights = pass.dropout(softmax(add(scores, mask)), config.attention_probs_dropout_prob);
  const context = transpose(matMul(weights, project("value", [0, 2, 1, 3])), [0, 2, 1, 3]);
  const output = dense(parameters, `${name}.output.dense`, reshape(context, [rows, length, hidden]));
  const sum = add(pass.dropout(output, config.hidden_dropout_prob), input);
  return normalized(parameters, config, `${name}.output.LayerNorm`, sum);
}

function feedForward(parameters: Parameters, config: BertConfig, layer: string, input: Tensor, pass: Pass): Tensor {
  const inner = gelu(dense(parameters, `${layer}.intermediate.dense`, input));
  const output = dense(parameters, `${layer}.output.dense`, inner);
  const sum = add(pass.dropout(output, config.hidden_dropout_prob), input);
  return normalized(parameters, config, `${layer}.output.LayerNorm`, sum);
}

/** [rows, 1, 1, length]: 0 for real tokens. */
function attentionMask({ rows, length, mask }: Batch): Tensor {
  return tensor(mask.map((real) => (real === 1 ? 0 : MASKED)), [rows, 1, 1, length]);
}

function dense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}

function normalized(parameters: Parameters, config: BertConfig, name: string, x: Tensor): Tensor {
  return layerNorm(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`), config.layer_norm_eps);
}
