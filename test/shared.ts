import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";

const folder = join(import.meta.dirname!, "../../shared");

/** Where a file of `../shared` is, the folder of test material beside the project. A test without it is skipped and says so. */
export function sharedFile(context: TestContext, path: string): string {
  const file = join(folder, path);
  if (!existsSync(file)) {
    // deno-lint-ignore no-console -- The default reporter counts skipped tests without their reasons.
    console.warn(`skipped: ../shared/${path} is missing`);
    context.skip(`../shared/${path} is missing`);
  }
  return file;
}
