import { reuGroups, reuRows } from "../../src/evaluation/reu_groups.ts";
import { reuTableText } from "../../src/report/reu_table_text.ts";
import { parseArguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import { curvesAt } from "../curves_source.ts";
import { exitCode } from "../dispatch.ts";

const usage = `pupil reu CURVES.csv|DIR [--json]
  CURVES.csv  learning curves: dataset,successor,acquisition,relation,al_type,strategy,seed,metric,score_0,score_1,...
              (dataset, relation and metric may be missing; any PREFIX_0, PREFIX_1, ... may stand for the scores)
  DIR         a run directory
  --json      one JSON document: a row for each data set, successor, acquisition model, strategy and metric`;

/** How well each acquisition model's picks serve the successor, against its own and against random ones. */
export const reu: Command = {
  name: "reu",
  summary: "The REU table of learning curves",
  usage,
  async run(args, io) {
    const { positionals, flags } = parseArguments(args, {
      usage,
      flags: { json: { type: "boolean" } },
      positionals: [1, 1],
    });
    const groups = reuGroups(await curvesAt(positionals[0]!, io.cwd));
    const rows = reuRows(groups);
    io.out(flags.json ? JSON.stringify(rows, null, 2) + "\n" : reuTableText(groups, io.columns));
    return exitCode.done;
  },
};
