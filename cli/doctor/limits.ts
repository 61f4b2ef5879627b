import type { Finding } from "./finding.ts";

const MEBIBYTE = 2 ** 20;
/** What WebGPU promises at least. */
const PROMISED_BINDING = 128 * MEBIBYTE;

/** The limits that decide what fits on a device, and what each means. */
export function limitsFinding(limits: GPUSupportedLimits): Finding {
  const { maxStorageBufferBindingSize: binding, maxBufferSize: buffer, maxComputeWorkgroupsPerDimension: groups } =
    limits;
  const numbers = Math.floor(Math.min(binding, buffer) / 4);
  return {
    state: binding >= PROMISED_BINDING ? "ok" : "note",
    found: `limits: ${mebibytes(binding)} in one binding`,
    details: [
      `${mebibytes(Math.min(binding, buffer))}, ${millions(numbers)} numbers: the largest tensor, such as a table of ` +
      "embeddings or the logits of a batch; a model may be larger, in several such pieces",
      `${mebibytes(buffer)}: the largest buffer`,
      `${groups} workgroups in one dimension: more are spread over two dimensions`,
    ],
  };
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / MEBIBYTE)} MiB`;
}

function millions(count: number): string {
  return `${(Math.floor(count / 1e5) / 10).toFixed(1)} million`;
}
