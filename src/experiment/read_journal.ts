import {
  array,
  type GenericSchema,
  getDotPath,
  literal,
  nullable,
  number,
  object,
  picklist,
  record,
  safeParse,
  string,
  variant,
} from "valibot";
import { InputError } from "../errors.ts";
import type { JournalEvent } from "./journal_events.ts";

export interface Journal {
  readonly events: readonly JournalEvent[];
  /** Whether the last line was cut short by a crash, and so left out. */
  readonly torn: boolean;
}

/**
 * Reads a journal: one JSON object a line. A last line that has no line end and is not whole was being written when the
 * process died; it is left out.
 *
 * @param where how a person finds the file, for messages
 * @throws InputError with file and line on anything else that is not a journal event
 */
export function readJournal(bytes: Uint8Array, where: string): Journal {
  const end = bytes.lastIndexOf(newline) + 1;
  const lines = decodeLines(bytes.subarray(0, end), where);
  const events = lines.flatMap((line, index) => (line.trim() === "" ? [] : parseEvent(line, `${where}:${index + 1}`)));
  if (end === bytes.length) return { events, torn: false };
  try {
    const last = parseEvent(decodeLines(bytes.subarray(end), where).join(""), where);
    return { events: [...events, last], torn: false };
  } catch {
    return { events, torn: true };
  }
}

const newline = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true });

function decodeLines(bytes: Uint8Array, where: string): string[] {
  try {
    return decoder.decode(bytes).split("\n");
  } catch {
    throw new InputError(`${where}: not UTF-8 text. Expected a journal: one JSON object a line`);
  }
}

function parseEvent(line: string, where: string): JournalEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`${where}: not JSON. Expected a journal event, one object a line`);
  }
  const result = safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new InputError(`${where}: not a journal event: ${getDotPath(issue) ?? "the line"}: ${issue.message}`);
}

const round = number();
const ids = array(string());

const schema: GenericSchema<unknown, JournalEvent> = variant("event", [
  object({ event: literal("warm_start"), round: literal(0), ids }),
  object({ event: literal("train"), round, role: picklist(["acquisition", "successor"]), training: string() }),
  object({ event: literal("score"), round, scored: number(), file: string(), seconds: number() }),
  object({ event: literal("acquire"), round, ids, scores: array(nullable(number())) }),
  object({
    event: literal("label"),
    round,
    id: string(),
    label: nullable(string()),
    by: string(),
    at: nullable(string()),
  }),
  object({ event: literal("evaluate"), round, training: string(), metrics: record(string(), number()) }),
]);
