import { InputError } from "../errors.ts";
import type { Origin } from "./node.ts";

/** A mistake in a config, in one line whatever the user's text holds. */
export function configError(message: string): InputError {
  return new InputError(message.replaceAll(/\s*\n\s*/g, " "));
}

/** "mails.yaml:7: config key al.step_p_or_n: found -1, expected ...". */
export function keyError(origin: Origin, message: string): InputError {
  return configError(`${origin.place}: config key ${origin.key}${message}`);
}
