import { concat, customGrad, engine, type Tensor } from "@tensorflow/tfjs-core";
import { Failure } from "../../errors.ts";
import type { PupilBackend } from "../backend.ts";
import { product } from "../product.ts";
import { currentBackend } from "../setup.ts";
import { partsOf, rowsOf, type Table } from "../table.ts";
import { linear, linearComposed, sumOfRows } from "./linear.ts";

/**
 * The product of each state [..., columns] with each row of a table, and a bias for each row where there is one: [..., rows], such as the
 * logits of all words. A table in parts is multiplied part by part, which changes no bit.
 *
 * @throws Failure saying what would fit, where the device does not bind the result at once
 */
export function wordProducts(states: Tensor, table: Table, bias?: Tensor): Tensor {
  const backend = currentBackend();
  if (backend) requireRoom(backend, states, rowsOf(table));
  if (table.length === 1) return linear(states, table[0]!, bias);
  return backend ? inParts(backend, states, table, bias) : linearComposed(states, concat([...table], 0), bias);
}

function inParts(backend: PupilBackend, states: Tensor, table: Table, bias: Tensor | undefined): Tensor {
  const columns = states.shape.at(-1)!;
  const rows = states.size / columns;
  const words = rowsOf(table);
  const dense = { transposed: false, stride: columns };
  const result = { stride: words, batchStrides: [0, 0] as const };
  const from = (tensor: Tensor, first: number) => ({ tensor, from: first });

  const value = (input: Tensor) => {
    const shape = [...states.shape.slice(0, -1), words];
    const made = engine().makeTensorFromTensorInfo(backend.makeTensorInfo(shape, "float32"));
    for (const { part, firstRow } of partsOf(table)) {
      product(
        backend,
        { m: rows, n: part.shape[0]!, k: columns, a: dense, b: { ...dense, transposed: true }, result },
        { a: input, b: part, ...(bias ? { bias: from(bias, firstRow) } : {}) },
        from(made, firstRow),
      );
    }
    return made;
  };
  /** Each part goes on with the sums of those before it. */
  const stateGradient = (upstream: Tensor) => {
    const factor = { transposed: false, stride: words };
    return partsOf(table).reduce<Tensor | undefined>((sum, { part, firstRow }) =>
      product(
        backend,
        { m: rows, n: columns, k: part.shape[0]!, a: factor, b: dense, ...(sum ? { continued: true } : {}) },
        { a: from(upstream, firstRow), b: part },
        sum ? from(sum, 0) : states.shape,
      ), undefined)!;
  };
  const partGradients = (upstream: Tensor, input: Tensor) =>
    partsOf(table).map(({ part, firstRow }) =>
      product(
        backend,
        { m: part.shape[0]!, n: columns, k: rows, a: { transposed: true, stride: words }, b: dense },
        { a: from(upstream, firstRow), b: input },
        part.shape,
      )
    );

  const operation = (...given: unknown[]) => {
    const save = given.at(-1) as (tensors: Tensor[]) => void;
    save([states]);
    const gradFunc = (upstream: Tensor, [input]: Tensor[]) => [
      stateGradient(upstream),
      ...partGradients(upstream, input!),
      ...(bias ? [sumOfRows(backend, upstream, words)] : []),
    ];
    return { value: value(states), gradFunc };
  };
  return customGrad(operation as never)(states, ...table, ...(bias ? [bias] : []));
}

/** What comes after reads the products of a row together, so that they are one tensor. */
function requireRoom({ gpu }: PupilBackend, states: Tensor, words: number): void {
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
  const most = Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 4 / words);
  const tokens = states.size / states.shape.at(-1)!;
  if (tokens <= most) return;
  const [texts = 1, length = tokens] = states.shape.length === 3 ? states.shape : [];
  const fitting = Math.floor(most / length);
  throw new Failure(
    `the logits of ${texts} texts of ${length} tokens over ${words} words take ${
      tokens * words * 4
    } bytes, more than '${gpu.name}' ` +
      `binds at once; ${fitting > 0 ? `a batch of ${fitting} such texts fits` : `${most} tokens fit`}`,
  );
}
