import { afterEach, describe, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import type { Asked } from "../../../web/engine/api.ts";
import "../../../web/label/label_card.ts";
import type { LabelCard } from "../../../web/label/label_card.ts";
import { adoptTheme } from "../../../web/page/theme.ts";
import { en } from "../../../web/texts/english.ts";

afterEach(() => document.body.replaceChildren());

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));

/** A card that is asked about texts, and what it has been answered. */
async function cardOf(texts: readonly string[], classes: readonly string[] = ["ham", "spam"]) {
  adoptTheme(document);
  const card = document.createElement("label-card") as LabelCard;
  const asked: Asked = {
    round: 1,
    classes,
    examples: texts.map((text, index) => ({ id: `t${index}`, text })),
    agreement: { same: 0, of: 0 },
  };
  Object.assign(card, { asked, words: en.label });
  const answers: unknown[] = [];
  card.addEventListener("answer", (event) => answers.push(Object.values((event as CustomEvent).detail)));
  card.addEventListener("finish-batch", () => answers.push("finish"));
  const panel = document.createElement("div");
  panel.style.padding = "1.25rem";
  panel.append(card);
  document.body.append(panel);
  await card.updateComplete;
  card.focus();
  const part = <T extends HTMLElement>(selector: string) => card.shadowRoot!.querySelector<T>(selector)!;
  const key = async (key: string, code: string) => {
    const at = card.shadowRoot!.activeElement!;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, composed: true, cancelable: true }));
    await card.updateComplete;
  };
  return { card, answers, part, key };
}

describe("the card that a person labels on", () => {
  it("has 26 classes within a phone's width, nine of them on keys", async () => {
    await page.viewport(390, 844);
    const { card, answers, part } = await cardOf(["a text", "another"], LETTERS);
    expect(card.shadowRoot!.querySelectorAll(".answers button")).toHaveLength(26);
    expect(card.shadowRoot!.querySelectorAll(".answers kbd")).toHaveLength(9);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(390);
    await userEvent.keyboard("9");
    part(".answers button:last-child").focus();
    await userEvent.keyboard("{Enter}");
    expect(answers).toEqual([["t0", "I"], ["t1", "Z"]]);
  });

  it("moves a long text under the keys that move a page, and begins the next at its beginning", async () => {
    const long = Array.from({ length: 5000 }, (_, index) => `word${index}`).join(" ");
    const { part, card } = await cardOf([long, `${long} too`]);
    const text = part(".text");
    expect(text.scrollHeight).toBeGreaterThan(10 * text.clientHeight);
    await userEvent.keyboard("{PageDown}");
    const page = text.scrollTop;
    expect(page).toBeGreaterThan(text.clientHeight / 2);
    await userEvent.keyboard("{ArrowDown}");
    expect(text.scrollTop).toBeGreaterThan(page);
    await userEvent.keyboard("{PageUp}{PageUp}");
    expect(text.scrollTop).toBe(0);
    await userEvent.keyboard("{PageDown}1");
    await card.updateComplete;
    expect(part(".text").textContent).toContain("too");
    expect(part(".text").scrollTop).toBe(0);
  });

  it("takes keys by their place where the layout has other letters, or digits with Shift", async () => {
    const { answers, key, part } = await cardOf(["one", "two", "three"]);
    await key("&", "Digit1");
    expect(answers).toEqual([["t0", "ham"]]);
    // A Russian S, and U.
    await key("ы", "KeyS");
    expect(part(".text").textContent).toBe("three");
    await key("г", "KeyU");
    expect(part(".text").textContent).toBe("one");
    await key("à", "Digit0");
    expect(answers.at(-1)).toEqual(["t0", null]);
    // What was skipped comes last. A Dvorak S stands elsewhere.
    await key("o", "KeyS");
    expect(part(".text").textContent).toBe("three");
    await key("s", "Semicolon");
    expect(part(".text").textContent).toBe("two");
  });

  it("takes no key that is held down for answers, nor for the end of the batch", async () => {
    const { answers, card } = await cardOf(["one", "two"]);
    const hold = async (key: string, code: string) => {
      for (const repeat of [false, true, true]) {
        const at = card.shadowRoot!.activeElement!;
        const init = { key, code, repeat, bubbles: true, composed: true, cancelable: true };
        at.dispatchEvent(new KeyboardEvent("keydown", init));
        await card.updateComplete;
      }
    };
    await hold("1", "Digit1");
    expect(answers).toEqual([["t0", "ham"]]);
    await userEvent.keyboard("{Tab}{Tab}{Enter>4/}");
    expect(answers).toEqual([["t0", "ham"], ["t1", "ham"]]);
    await hold("Enter", "Enter");
    expect(answers).toEqual([["t0", "ham"], ["t1", "ham"], "finish"]);
  });

  it("leaves the keys of the browser alone", async () => {
    const { answers, card } = await cardOf(["one"]);
    const at = card.shadowRoot!.activeElement!;
    for (const more of [{ key: "1", altKey: true }, { key: "1", ctrlKey: true }, { key: "Tab" }, { key: "f" }]) {
      const event = new KeyboardEvent("keydown", { code: "", bubbles: true, cancelable: true, ...more });
      expect(at.dispatchEvent(event), JSON.stringify(more)).toBe(true);
    }
    expect(answers).toEqual([]);
  });
});
