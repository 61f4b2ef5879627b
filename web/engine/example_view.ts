import type { DataSet } from "../../src/data/example.ts";
import type { ExampleView } from "./api.ts";
import type { Look } from "./round_view.ts";

/** What a look knows of one of its examples; undefined where it has none of that id. */
export function exampleView(look: Look, data: DataSet, id: string, label: string | undefined): ExampleView | undefined {
  const { view } = look;
  const place = view.ids.indexOf(id);
  const example = data.train.find((each) => each.id === id);
  if (place === -1 || !example) return undefined;
  const classes = data.labels;
  const rowOf = (table: Float32Array): number[] | undefined => {
    const row = Array.from(table.subarray(place * classes.length, (place + 1) * classes.length));
    return row.some(Number.isNaN) ? undefined : row;
  };
  const [acquisition, successor] = [rowOf(look.acquisition), rowOf(look.successor)];
  return {
    id,
    text: example.text,
    classes,
    entropy: view.entropy[place]!,
    margin: view.margin[place]!,
    leastConfidence: view.leastConfidence[place]!,
    ...(example.label === undefined ? {} : { gold: example.label }),
    ...(label === undefined ? {} : { label }),
    ...(acquisition ? { acquisition } : {}),
    ...(successor ? { successor } : {}),
  };
}
