import { fileURLToPath } from "node:url";

/** What decides numbers besides the plan and the device; recorded in `plan.json`. */
export async function versions(): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(fileURLToPath(new URL("../../deno.json", import.meta.url)));
  const { imports } = JSON.parse(text) as { imports: Record<string, string> };
  const pinned = (name: string) => imports[name]!.split("@").at(-1)!;
  return {
    pupil: "0.1.0",
    deno: Deno.version.deno,
    tfjs: pinned("@tensorflow/tfjs-core"),
    tokenizers: pinned("@huggingface/tokenizers"),
  };
}
