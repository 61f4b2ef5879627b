const meanings: readonly (readonly [path: RegExp, name: string, meaning: string])[] = [
  [/^plan\.json$/, "plan.json", "what was run: every setting, the versions, a hash of the data"],
  [/^trainings\//, "trainings/", "the result of each training: metrics, losses, confusion matrix"],
  [
    /journal\.jsonl$/,
    "EXPERIMENT/seed-N/",
    "what happened in each run, line by line: picks, labels, evaluations; and scores",
  ],
  [/^curves\.csv$/, "curves.csv", "the learning curves"],
  [/^data\//, "data/", "your own data, as the plan reads them"],
  [/labels\.jsonl$/, "labels.jsonl", "what was labelled: id, text, label, by whom (gold: the data set itself), when"],
  [/test\.jsonl$/, "test.jsonl", "the labelled texts that models are evaluated on"],
  [/^config\.yaml$/, "config.yaml", "continues this run:  pupil run config.yaml --out ."],
  [/^succeed\.yaml$/, "succeed.yaml", "trains another, larger model on what was labelled:  pupil run succeed.yaml"],
];

/** What the files of an archive are, for whoever opens it. */
export function readmeText(plan: string, paths: readonly string[]): string {
  const lines = meanings.filter(([path]) => paths.some((each) => path.test(each)))
    .map(([, name, meaning]) => `${name.padEnd(20)} ${meaning}`);
  return `${plan}: a run directory of Pupil, active learning for texts

${lines.join("\n")}

The commands are given from within this folder, by Pupil's command line. The page opens this archive again as it is:
drop it there.
`;
}
