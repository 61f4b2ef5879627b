import type { InitialParameter } from "./architecture.ts";
import type { Initializer } from "./initializer.ts";

const zero: Initializer = { kind: "constant", value: 0 };

/** An embedding table [rows, columns]. */
export function table(name: string, rows: number, columns: number, initializer: Initializer): InitialParameter {
  return { name: `${name}.weight`, shape: [rows, columns], decays: true, isTable: true, initializer };
}

/** The weight [outputs, inputs] and the bias of a linear layer. */
export function dense(name: string, outputs: number, inputs: number, initializer: Initializer): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [outputs, inputs], decays: true, initializer },
    bias(`${name}.bias`, outputs),
  ];
}

export function bias(name: string, size: number): InitialParameter {
  return { name, shape: [size], decays: false, initializer: zero };
}

/** The scale and the shift of a layer norm. */
export function norm(name: string, size: number): InitialParameter[] {
  return [
    { name: `${name}.weight`, shape: [size], decays: false, initializer: { kind: "constant", value: 1 } },
    bias(`${name}.bias`, size),
  ];
}
