/** Charsets as senders name them, decoded by the labels of the WHATWG Encoding Standard. */

import { fromByteText } from "./bytes.ts";

/** Labels by which a mail program says no more than that it did not ask. */
const DEFAULTS = new Set(["us-ascii", "ascii", "iso-8859-1", "windows-1252"]);

const FALLBACK = "windows-1252";

/** Whether the label names a charset that can be decoded here. */
export function isCharset(label: string): boolean {
  return decoderOf(label) !== undefined;
}

/**
 * A byte text in the charset that its header names. Where that is none, unknown, or contradicted by the bytes, `hint` is tried (the
 * charset that the mail names elsewhere), then UTF-8, which hardly anything else is valid in; then what was named is decoded as
 * far as it goes, or Windows-1252, which decodes anything.
 */
export function decodeCharset(body: string, label: string | undefined, hint?: string): string {
  const bytes = fromByteText(body);
  const named = label?.trim().toLowerCase() ?? "";
  const candidates = DEFAULTS.has(named) ? [hint, "utf-8", named] : [named, hint, "utf-8"];
  for (const candidate of candidates) {
    const text = candidate ? decodeStrictly(bytes, candidate) : undefined;
    if (text !== undefined) return text;
  }
  const encoding = decoderOf(named)?.encoding ?? FALLBACK;
  return new TextDecoder(encoding === "utf-8" ? FALLBACK : encoding).decode(bytes);
}

function decodeStrictly(bytes: Uint8Array<ArrayBuffer>, label: string): string | undefined {
  try {
    return decoderOf(label, true)?.decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 is no charset of mail; senders who write "unicode", one of its labels, mean something else. */
function decoderOf(label: string, fatal?: true): TextDecoder | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal });
    return decoder.encoding.startsWith("utf-16") ? undefined : decoder;
  } catch {
    return undefined;
  }
}
