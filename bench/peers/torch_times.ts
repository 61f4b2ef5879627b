import * as v from "valibot";
import { Failure } from "../../src/errors.ts";

/** What `torch_bert.py` is asked for. */
export interface TorchWish {
  /** (layers, hidden, heads, length, batch, vocabulary) of each. */
  readonly shapes: readonly (readonly number[])[];
  /** cuda where there is one and our side runs on hardware too; else both on the CPU. */
  readonly device: "cpu" | "cuda";
  /** What one shape may take, roughly. */
  readonly seconds: number;
}

const schema = v.object({
  version: v.string(),
  device: v.string(),
  threads: v.number(),
  rows: v.array(v.object({ shape: v.array(v.number()), ms: v.pipe(v.number(), v.minValue(0)) })),
});

/** PyTorch's times for a training step, and on what they were taken. */
export type TorchTimes = v.InferOutput<typeof schema>;

/**
 * Reads what `torch_bert.py` printed.
 *
 * @throws Failure where it is not the document that was asked for
 */
export function parseTorchTimes(text: string, { shapes }: TorchWish): TorchTimes {
  const refuse = () => new Failure(`torch_bert.py printed something else than times: ${text.trim().slice(0, 100)}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw refuse();
  }
  const { success, output } = v.safeParse(schema, json);
  if (!success || JSON.stringify(output.rows.map(({ shape }) => shape)) !== JSON.stringify(shapes)) throw refuse();
  return output;
}
