import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { sharedFile } from "../shared.ts";

/** Every text of the shared data sets, in whatever fields they have them. */
export function sharedTexts(context: TestContext): string[] {
  const folder = sharedFile(context, "data");
  return readdirSync(folder).flatMap((name) =>
    readdirSync(join(folder, name)).filter((file) => file.endsWith(".jsonl")).flatMap((file) =>
      readFileSync(join(folder, name, file), "utf8").trimEnd().split("\n").map((line) => {
        const { text, tokens, dialogue } = JSON.parse(line);
        return text ?? dialogue ?? tokens.join(" ");
      })
    )
  );
}
