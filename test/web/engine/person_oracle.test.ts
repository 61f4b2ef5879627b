import { expect, it } from "vitest";
import { PersonOracle } from "../../../web/engine/person_oracle.ts";
import { restlessClock } from "../../experiment/stub_plan.ts";

it("a person corrects until the batch is finished, and whoever asks is told that it is", async () => {
  const told: string[] = [];
  const oracle = new PersonOracle(restlessClock(), () => told.push("ended"));
  const asked = [{ id: "a", text: "one" }, { id: "b", text: "two" }];
  const labelling = (async () => {
    for await (const { id, label } of oracle.label(asked, { round: 0 })) told.push(`${id}: ${label}`);
    told.push("learned from");
  })();
  const recorded = () => new Promise((resolve) => setTimeout(resolve));
  oracle.answer("a", "x");
  await recorded();
  // Not all of it has an answer.
  oracle.finish();
  await recorded();
  oracle.answer("b", null);
  oracle.answer("a", "y");
  await recorded();
  expect(told).toEqual(["a: x", "b: null", "a: y"]);
  oracle.finish();
  await labelling;
  expect(told.slice(3)).toEqual(["ended", "learned from"]);
});
