import { configError, keyError } from "./config_error.ts";
import type { IdleStatement } from "./draft.ts";
import type { Origin } from "./node.ts";
import type { SettledExperiment } from "./settle.ts";

/**
 * Options without effect. A statement that some experiment uses is in order, whatever the others do with it. One that none
 * uses is a mistake, unless a stronger statement overruled it, or it is known to be harmless: then it is worth a notice.
 *
 * @throws InputError for the first mistake
 */
export function judgeIdle(experiments: readonly SettledExperiment[]): string[] {
  const used = new Set<Origin>();
  const idle = new Map<Origin, { statement: IdleStatement; names: string[]; excused: boolean }>();
  for (const { config, used: usedHere, idle: unused } of experiments) {
    for (const origin of usedHere) used.add(origin);
    for (const statement of unused) {
      const known = idle.get(statement.origin) ?? { statement, names: [], excused: true };
      if (!known.names.includes(config.name)) known.names.push(config.name);
      known.excused &&= statement.tolerated || statement.layer > statement.origin.layer;
      // The reason of the last one: in a group the random run, where the cause is another, comes first.
      idle.set(statement.origin, { ...known, statement });
    }
  }
  const notices: string[] = [];
  for (const [origin, { statement, names, excused }] of idle) {
    if (used.has(origin)) continue;
    const effect = ` has no effect: ${statement.because}`;
    if (!excused) throw keyError(origin, effect);
    notices.push(`${origin.place}: ${origin.key}${effect} (${names.join(", ")})`);
  }
  return notices;
}

/** @throws InputError for two experiments of one name, which would share a folder of the run directory */
export function refuseSameNames(names: readonly { readonly name: string; readonly place: string }[]): void {
  const places = new Map<string, string>();
  for (const { name, place } of names) {
    const first = places.get(name.toLowerCase());
    if (first !== undefined) {
      throw configError(
        `${place}: the name '${name}' is taken, by the experiment at ${first}. Names are folders and must differ`,
      );
    }
    places.set(name.toLowerCase(), place);
  }
}
