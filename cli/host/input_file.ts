import { resolve } from "node:path";
import { Failure, InputError, messageOf } from "../../src/errors.ts";

/**
 * The bytes of a file that the user named, from the folder in which the command was called.
 *
 * @throws InputError where there is no such file, or it is a folder
 */
export async function readInputFile(path: string, cwd: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(resolve(cwd, path));
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.NotADirectory) {
      throw new InputError(`${path}: no such file`);
    }
    if (thrown instanceof Deno.errors.IsADirectory) throw new InputError(`${path}: a folder, where a file is expected`);
    if (thrown instanceof Deno.errors.PermissionDenied) throw new InputError(`${path}: not readable for this user`);
    throw new Failure(`cannot read ${path}: ${messageOf(thrown)}`);
  }
}
