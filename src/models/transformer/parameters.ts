import type { InitialParameter } from "../architecture.ts";
import { dense, norm } from "../initial.ts";
import type { Transformer } from "./transformer.ts";

/** The parameters of all layers, in their order. */
export function layerParameters({ layers, hidden, inner, initializer, names }: Transformer): InitialParameter[] {
  return Array.from({ length: layers }, (_, index) => {
    const layer = names(index);
    return [
      ...dense(layer.query, hidden, hidden, initializer),
      ...dense(layer.key, hidden, hidden, initializer),
      ...dense(layer.value, hidden, hidden, initializer),
      ...dense(layer.attended, hidden, hidden, initializer),
      ...norm(layer.attentionNorm, hidden),
      ...dense(layer.inner, inner, hidden, initializer),
      ...dense(layer.output, hidden, inner, initializer),
      ...norm(layer.outputNorm, hidden),
    ];
  }).flat();
}
