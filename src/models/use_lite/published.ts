import { Failure } from "../../errors.ts";
import type { ParameterValues } from "../../tfjs/parameters.ts";
import { transposed } from "../published_conv1d.ts";
import type { GraphWeight } from "./graph_weights.ts";

const ENCODER = "Encoder_en/KonaTransformer/Encode";
const JOINED = "ConcatPartitions/concat";

/** The parameters of the published graph model, under our names. Its matrices are [inputs, outputs]. */
export function fromGraphModel(
  weights: ReadonlyMap<string, GraphWeight>,
  layers: number,
  source: string,
): ParameterValues {
  const valuesOf = (name: string) => {
    const weight = weights.get(name);
    if (!weight) throw new Failure(`${source} has no tensor ${name}`);
    return weight;
  };
  const values = new Map<string, Float32Array>();
  /** A linear layer; with more names than one, as many layers side by side. */
  const dense = (names: readonly string[], weight: string, bias: string) => {
    const [matrix, vector] = [valuesOf(weight).values, valuesOf(bias).values];
    const own = vector.length / names.length;
    names.forEach((name, index) => {
      const [from, to] = [index * own, (index + 1) * own];
      values.set(`${name}.weight`, transposed(matrix, vector.length, from, to));
      values.set(`${name}.bias`, vector.slice(from, to));
    });
  };
  const norm = (name: string, prefix: string) => {
    values.set(`${name}.weight`, valuesOf(`${prefix}/layer_norm/layer_norm_scale/${JOINED}`).values.slice());
    values.set(`${name}.bias`, valuesOf(`${prefix}/layer_norm/layer_norm_bias/${JOINED}`).values.slice());
  };
  values.set("embeddings.word_embeddings.weight", valuesOf("module/Embeddings_en").values.slice());
  for (let index = 0; index < layers; index++) {
    const ours = `encoder.layer.${index}`;
    const layer = (what: string) => `${ENCODER}/Layer_${index}/TransformerLayer${what}`;
    const own = (what: string) => `module_apply_default/${layer(`/${what}`)}/${JOINED}`;
    const attention = (what: string) => `module/${layer(`/MultiheadAttention/${what}_transform_single/kernel/part_0`)}`;
    const network = (what: string) =>
      `module_apply_default/${ENCODER}/TransformerStack/Layer_${index}/TransformerLayer/FFN/${what}/Tensordot/Reshape_1`;
    const projections = ["query", "key", "value"].map((part) => `${ours}.attention.${part}`);
    if (index === 0) dense([`${ours}.input`], own("dense/kernel"), own("dense/bias"));
    norm(`${ours}.attention.LayerNorm`, `module_apply_default/${layer("/layer_prepostprocess")}`);
    dense(projections, attention("qkv"), own("MultiheadAttention/qkv_transform_single/bias"));
    dense([`${ours}.attention.output`], attention("output"), own("MultiheadAttention/output_transform_single/bias"));
    norm(`${ours}.feed_forward.LayerNorm`, `module_apply_default/${layer("/FFN/layer_prepostprocess")}`);
    dense([`${ours}.feed_forward.inner`], network("conv1"), own("FFN/conv1/bias"));
    dense([`${ours}.feed_forward.output`], network("conv2"), own("FFN/conv2/bias"));
  }
  const last = "module/Encoder_en/hidden_layers/tanh_layer_0";
  dense(["pooler.dense"], `${last}/weights`, `${last}/bias`);
  return values;
}
