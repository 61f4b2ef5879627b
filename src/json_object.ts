import { InputError } from "./errors.ts";
import { type Files, readText } from "./host.ts";

/** The text of a file. @throws InputError where there is none, or it is not UTF-8 */
export async function requiredText(files: Files, path: string): Promise<string> {
  let text: string | undefined;
  try {
    text = await readText(files, path);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw new InputError(`${files.describe(path)} is not UTF-8`);
  }
  if (text === undefined) throw new InputError(`there is no ${files.describe(path)}`);
  return text;
}

/** The object that a JSON file holds. @throws InputError where it holds none, or there is no such file */
export async function requiredObject(files: Files, path: string): Promise<Record<string, unknown>> {
  const text = await requiredText(files, path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${files.describe(path)} is not JSON`);
  }
  if (json !== null && typeof json === "object" && !Array.isArray(json)) return json as Record<string, unknown>;
  throw new InputError(`${files.describe(path)} is not a JSON object`);
}
