import type { PublishedPart } from "./architecture.ts";
import { whole } from "./published.ts";
import type { NamedTensor } from "./safetensors/safetensors.ts";

/**
 * GPT-2's files hold each weight as [inputs, outputs], after a layer called Conv1D, and the projections to queries, keys and values as
 * one `c_attn`. We hold [outputs, inputs], and the three by themselves.
 */
const MATRIX = /\.(c_attn|c_proj|c_fc)\.weight$/;
const FUSED = /^(.*\.c_attn)\.(weight|bias)$/;
const PART = /^(.*\.c_attn)\.(query|key|value)\.(weight|bias)$/;
const PARTS = ["query", "key", "value"];

/** Our parameters in a tensor of a file. */
export function fromConv1d(name: string, shape: readonly number[]): readonly PublishedPart[] {
  const fused = FUSED.exec(name);
  if (!fused) {
    if (!MATRIX.test(name)) return [whole(name, shape)];
    const [inputs = 0, outputs = 0] = shape;
    return [{ name, shape: [outputs, inputs], take: (values) => transposed(values, outputs, 0, outputs) }];
  }
  const [, module, kind] = fused;
  const outputs = shape.at(-1)!;
  const own = outputs / PARTS.length;
  return PARTS.map((part, index) => ({
    name: `${module}.${part}.${kind}`,
    shape: [own, ...shape.slice(0, -1)],
    take: (values) => transposed(values, outputs, index * own, (index + 1) * own),
  }));
}

/** The tensors of a file that our parameters make. */
export function toConv1d(parameters: ReadonlyMap<string, NamedTensor>): ReadonlyMap<string, NamedTensor> {
  const published = new Map<string, NamedTensor>();
  for (const [name, tensor] of parameters) {
    const part = PART.exec(name);
    if (!part) published.set(name, MATRIX.test(name) ? turned(tensor) : tensor);
    else if (part[2] === PARTS[0]) {
      const [, module, , kind] = part;
      const own = joined(PARTS.map((each) => parameters.get(`${module}.${each}.${kind}`)!));
      published.set(`${module}.${kind}`, kind === "weight" ? turned(own) : own);
    }
  }
  return published;
}

function joined(tensors: readonly NamedTensor[]): NamedTensor {
  const [{ shape: [rows = 0, ...rest] }] = tensors as [NamedTensor];
  const size = tensors[0]!.values.length;
  const values = new Float32Array(size * tensors.length);
  tensors.forEach((each, index) => values.set(each.values, index * size));
  return { shape: [rows * tensors.length, ...rest], values };
}

function turned({ shape, values }: NamedTensor): NamedTensor {
  const [rows, columns] = shape as [number, number];
  return { shape: [columns, rows], values: transposed(values, columns, 0, columns) };
}

/** Some of the columns of a matrix, as rows; a vector is a matrix of one row. */
export function transposed(values: Float32Array, columns: number, from: number, to: number): Float32Array {
  const rows = values.length / columns;
  const result = new Float32Array((to - from) * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = from; column < to; column++) {
      result[(column - from) * rows + row] = values[row * columns + column]!;
    }
  }
  return result;
}
