import { expect, it } from "vitest";
import { choiceOf, namedBy } from "../../../web/engine/hub_name.ts";

it.each([
  ["gpt2", { name: "gpt2" }],
  ["owner/name@refs/pr/1", { name: "owner/name", revision: "refs/pr/1" }],
  ["./models/a@b", { name: "./models/a@b" }],
])("%s is called so, and read again", (choice, model) => {
  expect(namedBy(choice)).toEqual(model);
  expect(choiceOf(model)).toBe(choice);
});

it("a main branch is called by the name alone", () => {
  expect(choiceOf({ name: "gpt2", revision: "main" })).toBe("gpt2");
});
