import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { attention } from "../../tfjs/operations/attention.ts";
import { type EmbeddingIds, embeddingSum } from "../../tfjs/operations/embedding.ts";
import { gelu } from "../../tfjs/operations/gelu.ts";
import { layerNorm } from "../../tfjs/operations/layer_norm.ts";
import { linear } from "../../tfjs/operations/linear.ts";
import { residualLayerNorm } from "../../tfjs/operations/residual_layer_norm.ts";
import type { Parameters } from "../../tfjs/parameters.ts";
import type { Encoded } from "../architecture.ts";
import { type Batch, tokenIds } from "../batch.ts";
import type { Pass } from "../pass.ts";
import type { BertConfig } from "./config.ts";

/**
 * The encoder of Devlin et al., 2018: embeddings, then layers of self-attention and a feed-forward network, each followed by
 * dropout, the residual and a layer norm (post-norm).
 */
export function encodeBert(parameters: Parameters, config: BertConfig, batch: Batch, pass: Pass): Encoded {
  const layers = [embed(parameters, config, batch, pass)];
  const mask = tensor(batch.mask, [batch.rows, batch.length]);
  for (let index = 0; index < config.num_hidden_layers; index++) {
    const layer = `bert.encoder.layer.${index}`;
    const attended = attend(parameters, config, `${layer}.attention`, layers.at(-1)!, mask, pass);
    layers.push(feedForward(parameters, config, layer, attended, pass));
  }
  return { hidden: layers.at(-1)!, layers };
}

function embed(parameters: Parameters, config: BertConfig, batch: Batch, pass: Pass): Tensor {
  const { rows, length } = batch;
  const lookUp = (name: string, ids: EmbeddingIds) => ({
    table: parameters.get(`bert.embeddings.${name}.weight`),
    ids,
  });
  const positions = Int32Array.from({ length: rows * length }, (_, index) => index % length);
  const types = batch.tokenTypes ?? new Int32Array(rows * length);
  const sum = embeddingSum([
    lookUp("word_embeddings", tokenIds(batch, config.pad_token_id)),
    lookUp("position_embeddings", { values: positions, shape: [rows, length] }),
    lookUp("token_type_embeddings", { values: types, shape: [rows, length] }),
  ]);
  const { weight, bias } = normOf(parameters, "bert.embeddings.LayerNorm");
  return pass.dropout(layerNorm(sum, weight, bias, config.layer_norm_eps), config.hidden_dropout_prob);
}

function attend(
  parameters: Parameters,
  config: BertConfig,
  name: string,
  input: Tensor,
  mask: Tensor,
  pass: Pass,
): Tensor {
  const { hidden_size: hidden, num_attention_heads: heads } = config;
  const project = (part: string) => dense(parameters, `${name}.self.${part}`, input);
  const dropout = pass.site(config.attention_probs_dropout_prob);
  const context = attention(project("query"), project("key"), project("value"), {
    heads,
    scale: 1 / Math.sqrt(hidden / heads),
    mask,
    ...(dropout ? { dropout } : {}),
  });
  return addedTo(input, dense(parameters, `${name}.output.dense`, context), parameters, config, name, pass);
}

function feedForward(parameters: Parameters, config: BertConfig, layer: string, input: Tensor, pass: Pass): Tensor {
  const inner = gelu(dense(parameters, `${layer}.intermediate.dense`, input));
  return addedTo(input, dense(parameters, `${layer}.output.dense`, inner), parameters, config, layer, pass);
}

/** The norm that ends each half of a layer, of its input and what it made of that. */
function addedTo(
  input: Tensor,
  output: Tensor,
  parameters: Parameters,
  config: BertConfig,
  name: string,
  pass: Pass,
): Tensor {
  const { weight, bias } = normOf(parameters, `${name}.output.LayerNorm`);
  const dropout = pass.site(config.hidden_dropout_prob);
  return residualLayerNorm(output, input, weight, bias, config.layer_norm_eps, dropout);
}

function normOf(parameters: Parameters, name: string): { readonly weight: Tensor; readonly bias: Tensor } {
  return { weight: parameters.get(`${name}.weight`), bias: parameters.get(`${name}.bias`) };
}

function dense(parameters: Parameters, name: string, x: Tensor): Tensor {
  return linear(x, parameters.get(`${name}.weight`), parameters.get(`${name}.bias`));
}
