import { InputError } from "../errors.ts";

/**
 * Text of a UTF-8 file, without the byte-order mark that some editors put first.
 *
 * @throws InputError naming the line and the byte where it stops being UTF-8
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    const line = bytes.subarray(0, offset).filter((byte) => byte === 10).length + 1;
    const value = bytes[offset]!.toString(16).padStart(2, "0");
    throw new InputError(`${file}:${line}: not UTF-8: byte ${offset} is 0x${value}. Save the file as UTF-8`);
  }
}

/** Where the first invalid sequence starts: the longest beginning of the file that is UTF-8 ends there. */
function firstInvalidByte(bytes: Uint8Array): number {
  // By bisection the shortest beginning that no continuation can save; its last characters may be cut, so step back.
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), { stream: true })) good = middle;
    else bad = middle;
  }
  let offset = good;
  while (!isUtf8(bytes.subarray(0, offset), { stream: false })) offset--;
  return offset;
}

function isUtf8(bytes: Uint8Array, options: TextDecodeOptions): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, options);
    return true;
  } catch {
    return false;
  }
}
