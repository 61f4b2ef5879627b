import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { Tokenizer } from "@huggingface/tokenizers";
import { describe, expect, it } from "vitest";
import type { Row } from "../../../scripts/mail/rows.ts";

const data = new URL("../../../data/", import.meta.url);
const bytes = await readFile(new URL("mail.tokenizer.json", data));
const json = JSON.parse(bytes.toString("utf8"));
const tokenizer = new Tokenizer(json, {});
const rows: Row[] = gunzipSync(await readFile(new URL("mail.jsonl.gz", data))).toString("utf8").trimEnd().split("\n")
  .map((line) => JSON.parse(line));

const UNKNOWN = 1;

describe("the tokenizer of the mail data", () => {
  it("is compact", () => {
    expect(bytes.length).toBeLessThan(200_000);
  });

  it("has 4,000 tokens numbered without gaps, the special ones and masks first", () => {
    const ids = Object.values<number>(json.model.vocab).toSorted((a, b) => a - b);
    expect(ids).toEqual(Array.from({ length: 4000 }, (_, id) => id));
    const first = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<email>", "<url>", "<number>"];
    expect(first.map((token) => tokenizer.token_to_id(token))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("frames one text and a pair", () => {
    expect(tokenizer.encode("free").tokens).toEqual(["[CLS]", "free", "[SEP]"]);
    const pair = tokenizer.encode("free", { text_pair: "money", return_token_type_ids: true });
    expect(pair.tokens).toEqual(["[CLS]", "free", "[SEP]", "money", "[SEP]"]);
    expect(pair.token_type_ids).toEqual([0, 0, 0, 1, 1]);
  });

  it("ignores case and accents, splits punctuation and rare words", () => {
    expect(tokenizer.tokenize("FREE Énergy!")).toEqual(tokenizer.tokenize("free energy !"));
    expect(tokenizer.tokenize("unfreeable").length).toBeGreaterThan(1);
    expect(tokenizer.tokenize("unfreeable").slice(1).every((piece) => piece.startsWith("##"))).toBe(true);
  });

  it("takes a mask as one token, and the same word in plain text as another", () => {
    expect(tokenizer.tokenize("see <url>, <EMAIL> or <email>")).toContain("<url>");
    expect(tokenizer.tokenize("<number>")).toEqual(["<number>"]);
    expect(tokenizer.tokenize("email")).toEqual(["email"]);
  });

  it("gives words back", () => {
    const { ids } = tokenizer.encode("to unsubscribe, see <url>");
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe("to unsubscribe, see <url>");
  });

  it("spells nearly every word of the mails, also of those that it was not trained on, in few pieces", () => {
    for (const split of ["train", "test"]) {
      const texts = rows.filter((row) => row.split === split).map(({ text }) => text);
      const ids = texts.flatMap((text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
      const unknown = ids.filter((id) => id === UNKNOWN).length;
      const words = texts.join(" ").split(/\s+/).length;
      expect(unknown / ids.length).toBeLessThan(0.001);
      expect(ids.length / words).toBeLessThan(1.7);
    }
  });
});
