import { InputError } from "../errors.ts";

/** @throws InputError where the bytes are not a whole gzip file */
export async function gunzip(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  try {
    const unpacked = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch {
    throw new InputError(`${file}: not a gzip file, or cut short`);
  }
}
