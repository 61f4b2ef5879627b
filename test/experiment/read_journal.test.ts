import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import type { JournalEvent } from "../../src/experiment/journal_events.ts";
import { readJournal } from "../../src/experiment/read_journal.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readJournal(bytes(text), "journal.jsonl");

const events: JournalEvent[] = [
  { event: "warm_start", round: 0, ids: ["a", "b"] },
  { event: "label", round: 0, id: "a", label: "ham", by: "gold", at: null },
  { event: "label", round: 0, id: "b", label: null, by: "ann", at: "2026-01-02T03:04:05Z" },
  { event: "train", round: 0, role: "successor", training: "f00" },
  { event: "evaluate", round: 0, training: "f00", metrics: { accuracy: 0.5 } },
  { event: "score", round: 1, scored: 3, file: "scores-1.bin", seconds: 0.1 },
  { event: "acquire", round: 1, ids: ["c", "ж"], scores: [0.5, null] },
];
const text = events.map((event) => JSON.stringify(event) + "\n").join("");

describe("a journal", () => {
  it("gives back every kind of event", () => expect(read(text)).toEqual({ events, torn: false }));

  it("loses a last line that a crash cut short, at whatever byte, and nothing else", () => {
    const all = bytes(text);
    const start = all.lastIndexOf(0x0a, all.length - 2) + 1;
    for (let end = start + 1; end < all.length - 1; end++) {
      expect(readJournal(all.subarray(0, end), "j"), `cut at ${end}`).toEqual({
        events: events.slice(0, -1),
        torn: true,
      });
    }
    expect(readJournal(all.subarray(0, start), "j")).toEqual({ events: events.slice(0, -1), torn: false });
    expect(readJournal(all.subarray(0, all.length - 1), "j")).toEqual({ events, torn: false });
  });

  it("may be empty", () => expect(read("")).toEqual({ events: [], torn: false }));

  it.each([
    ["what is not JSON", `${text}nonsense\n`, /^journal\.jsonl:8: not JSON/],
    ["an unknown event", `{"event":"lable","round":1}\n`, /^journal\.jsonl:1: not a journal event: event/],
    [
      "a field of the wrong type",
      `{"event":"warm_start","round":0,"ids":"a"}\n`,
      /^journal\.jsonl:1: not a journal event: ids/,
    ],
    [
      "a missing field",
      `${text}{"event":"label","round":1,"id":"a"}\n`,
      /^journal\.jsonl:8: not a journal event: label/,
    ],
    ["a line that is no object", `[]\n`, /^journal\.jsonl:1: not a journal event/],
  ])("refuses %s, naming the line", (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it("refuses what is not text", () => {
    expect(() => readJournal(new Uint8Array([0xff, 0xfe, 0x0a]), "j")).toThrow(/^j: not UTF-8 text/);
  });
});
