import { mean, sum } from "d3-array";
import { decimal, percent } from "../../evaluation/number_text.ts";
import { type Arm, type ArmGroup, armName, groupTitle, pickerName } from "../arm.ts";
import { type Markup, markup } from "../markup.ts";
import { pickedClasses } from "../picked_classes.ts";
import { typographic } from "../typographic.ts";
import { scrolling } from "./scrolling.ts";

/** How many examples of each class every arm picked. */
export function classSection(groups: readonly ArmGroup[]): Markup | undefined {
  const shown = groups.flatMap((group) => {
    const arms = group.arms.map((arm) => ({ arm, counts: meanCounts(arm) })).filter(({ counts }) => counts.size > 0);
    return arms.length > 0 ? [{ group, arms }] : [];
  });
  if (shown.length === 0) return undefined;
  return markup`<section aria-labelledby="classes">
<h2 id="classes">Classes of what was picked</h2>
<p>How many examples of each class were picked, as a mean over seeds, and their share of all that were. Random picks show how frequent a
class is among the unlabelled. A good picker finds the rare ones more often. The shared first batch is left out.</p>
${shown.map(({ group, arms }, index) => groupSection(group, arms, `classes-${index}`))}
</section>
`;
}

interface Picked {
  readonly arm: Arm;
  readonly counts: ReadonlyMap<string, number>;
}

function meanCounts({ runs }: Arm): Map<string, number> {
  const counts = runs.map(pickedClasses).filter((of) => of.size > 0);
  const labels = new Set(counts.flatMap((of) => [...of.keys()]));
  return new Map([...labels].sort().map((label) => [label, mean(counts, (of) => of.get(label) ?? 0)!]));
}

function groupSection(group: ArmGroup, arms: readonly Picked[], id: string): Markup {
  const labels = [...new Set(arms.flatMap(({ counts }) => [...counts.keys()]))].sort();
  return markup`<h3 id="${id}">${groupTitle(group)}</h3>
${rareClass(group, arms, labels)}
${
    scrolling(
      id,
      markup`<table>
<caption><span>Examples picked, by class: mean over seeds, and share.</span></caption>
<thead><tr><th scope="col">class</th>${
        arms.map(({ arm }) => markup`<th scope="col" class="number">${armName(arm, group)}</th>`)
      }</tr></thead>
<tbody>${
        labels.map((label) =>
          markup`<tr><th scope="row">${label}</th>${arms.map(({ counts }) => cell(counts, label))}</tr>\n`
        )
      }</tbody>
</table>`,
    )
  }
`;
}

function cell(counts: ReadonlyMap<string, number>, label: string): Markup {
  return markup`<td class="number">${decimal(counts.get(label) ?? 0, 1)} <span class="small">(${
    typographic(percent(shareOf(counts, label)))
  })</span></td>`;
}

/** One sentence on the rarest class, which is what a reader looks for first. */
function rareClass(group: ArmGroup, arms: readonly Picked[], labels: readonly string[]): Markup | undefined {
  const random = arms.find(({ arm }) => arm.relation === "random");
  const others = arms.filter((each) => each !== random);
  if (!random || others.length === 0 || labels.length < 2) return undefined;
  const rarest = labels.reduce((a, b) => shareOf(random.counts, b) < shareOf(random.counts, a) ? b : a);
  return markup`<p>The rarest class among random picks is <b>${rarest}</b>, with ${
    typographic(percent(shareOf(random.counts, rarest)))
  } of them. It makes up ${
    others.map(({ arm, counts }, index) =>
      markup`${index > 0 && ", "}${typographic(percent(shareOf(counts, rarest)))} of the picks of ${
        pickerName(arm, group)
      }`
    )
  }.</p>`;
}

function shareOf(counts: ReadonlyMap<string, number>, label: string): number {
  const all = sum(counts.values());
  return all === 0 ? 0 : (counts.get(label) ?? 0) / all;
}
