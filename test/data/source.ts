import type { SourceFile } from "../../src/data/table.ts";

/** A file as a host would hand it over. */
export function source(name: string, text: string): SourceFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

/** The same, packed by gzip. */
export async function zipped(name: string, text: string): Promise<SourceFile> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { name, bytes: new Uint8Array(await new Response(packed).arrayBuffer()) };
}
