import * as v from "valibot";
import { InputError } from "../errors.ts";

/**
 * Checks a model's `config.json` against what its architecture reads.
 *
 * @throws InputError naming the first key that is missing or wrong
 */
export function parseConfig<S extends v.GenericSchema>(schema: S, json: unknown, source: string): v.InferOutput<S> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  throw new InputError(
    `${source}: ${key ? `${key} ` : ""}is ${issue.received}; ${issue.expected ?? "something else"} was expected`,
  );
}
