import { seedList, seedRanges } from "../evaluation/arms.ts";
import type { Interval } from "../evaluation/bootstrap.ts";
import { hypotheses } from "../evaluation/hypotheses.ts";
import { confidenceText, decimal, intervalText, signed } from "../evaluation/number_text.ts";
import { relationWord } from "../evaluation/relation.ts";
import { groupName } from "../evaluation/reu_groups.ts";
import type { ReuGroup, ReuRow } from "../evaluation/reu_row.ts";
import { textTable, wrapped } from "./text_table.ts";

/**
 * REU tables for a terminal: for each group the areas, their differences, REU and verdict, then the notices and what the group
 * says of the hypotheses. Lines keep within `columns` characters where a word or a number is not longer by itself.
 */
export function reuTableText(groups: readonly ReuGroup[], columns: number): string {
  return groups.map((group) => groupText(group, columns)).join("\n");
}

function groupText(group: ReuGroup, columns: number): string {
  const { rows, notices } = group;
  const paragraphs = [
    wrapped(groupName(group), columns),
    ...(rows.length > 0 ? [tables(rows, columns)] : selfSelection(group, columns)),
    ...(notices.length > 0 ? [notices.flatMap((notice) => wrapped(`- ${notice}`, columns, "  "))] : []),
    ...(rows.length > 0 ? hypotheses(group).map((paragraph) => wrapped(paragraph, columns)) : []),
  ];
  return paragraphs.map((lines) => lines.join("\n") + "\n").join("\n");
}

function tables(rows: readonly ReuRow[], columns: number): string[] {
  const resampled = Math.max(...rows.map((row) => row.resamples));
  const undefinedRows = rows.filter((row) => row.resamples_undefined > 0);
  return [
    ...textTable(
      ["acquisition", "relation", "AULC random", "AULC self", "AULC ASM", "points", "seeds"],
      rows.map((row) => [
        row.acquisition,
        relationWord(row.relation),
        decimal(row.aulc_random, 4),
        decimal(row.aulc_self, 4),
        decimal(row.aulc_asm, 4),
        String(row.points),
        seedRanges(row.seeds),
      ]),
      ["left", "left", "right", "right", "right", "right", "left"],
      columns,
    ),
    "",
    ...textTable(
      ["acquisition", "self - random", "ASM - random", "ASM - self"],
      rows.map((row) => [
        row.acquisition,
        estimate(row.self_minus_random, row.self_minus_random_interval, 4),
        estimate(row.asm_minus_random, row.asm_minus_random_interval, 4),
        estimate(row.asm_minus_self, row.asm_minus_self_interval, 4),
      ]),
      ["left", "left", "left", "left"],
      columns,
    ),
    "",
    ...textTable(
      ["acquisition", "relation", "REU", "verdict"],
      rows.map((row) => [
        row.acquisition,
        relationWord(row.relation),
        row.reu === null ? "none" : estimate(row.reu, row.reu_interval, 3),
        row.verdict,
      ]),
      ["left", "left", "left", "left"],
      columns,
    ),
    "",
    ...wrapped(
      resampled > 0
        ? `[ ] ${confidenceText} intervals: ${resampled} bootstrap resamples, paired by seed.`
        : "No intervals: they need two seeds or more.",
      columns,
    ),
    ...undefinedRows.flatMap((row) =>
      wrapped(
        `${row.acquisition}: self did not beat random in ${row.resamples_undefined} of ${row.resamples} resamples, which have no REU.`,
        columns,
      )
    ),
  ];
}

function selfSelection({ selfSelection }: ReuGroup, columns: number): string[][] {
  if (!selfSelection) return [];
  const { aulc_random, aulc_self, self_minus_random, self_minus_random_interval, seeds } = selfSelection;
  return [wrapped(
    `AULC random ${decimal(aulc_random, 4)}, self ${decimal(aulc_self, 4)}; self - random ` +
      `${estimate(self_minus_random, self_minus_random_interval, 4)}; ${seedList(seeds)}`,
    columns,
  )];
}

function estimate(value: number, interval: Interval | null, digits: number): string {
  return interval ? `${signed(value, digits)} ${intervalText(interval, digits)}` : signed(value, digits);
}
