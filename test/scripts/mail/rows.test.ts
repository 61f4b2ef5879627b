import { describe, expect, it } from "vitest";
import type { RawMail } from "../../../scripts/mail/corpus.ts";
import { rejectionOf } from "../../../scripts/mail/rejection.ts";
import { rowsOf, textOf } from "../../../scripts/mail/rows.ts";
import { asBytes, utf8 } from "./as_bytes.ts";

async function* mails(...bodies: string[]): AsyncGenerator<RawMail> {
  for (const [index, body] of bodies.entries()) {
    yield { id: `spam-1/${index}`, label: "spam", bytes: asBytes(`Subject: s${index}`, "", body) };
  }
}

describe("rows", () => {
  it("have the subject first, then the body, cut to their lengths", () => {
    expect(textOf(asBytes("Subject: [X] Hello", "", "dear  all,", "> old", "good day"))).toBe(
      "Hello\ndear all, good day",
    );
    const long = textOf(asBytes(`Subject: ${"very ".repeat(100)}`, "", "word ".repeat(1000)));
    expect(long.indexOf("\n")).toBeLessThanOrEqual(160);
    expect(long.length).toBeLessThanOrEqual(1000);
    expect(textOf(asBytes("From: a@b.example", "", "no subject"))).toBe("no subject");
  });

  it("leave out mails for a reason, and name it", async () => {
    const { rows, dropped } = await rowsOf(
      mails(
        "this is one whole mail of words",
        "this is one whole mail of words 2",
        "no",
        utf8("Здравствуйте товарищи, как ваши дела"),
      ),
    );
    expect(rows.map(({ id }) => id)).toEqual(["spam-1/0"]);
    expect(dropped).toEqual([
      { id: "spam-1/1", reason: "duplicate" },
      { id: "spam-1/2", reason: "few words" },
      { id: "spam-1/3", reason: "not in Latin script" },
    ]);
  });

  it("put relatives on one side", async () => {
    const shared = Array.from({ length: 30 }, (_, index) => `w${"abcdefghijklmnopqrstuvwxyzabcdef"[index]}`).join(" ");
    const tails = Array.from(
      { length: 20 },
      (_, index) =>
        Array.from({ length: 25 }, (_, at) => `t${"abcdefghijklmnopqrst"[index]}${"abcdefghijklmnopqrstuvwxyz"[at]}`)
          .join(" "),
    );
    const related = await rowsOf(mails(...tails.map((tail) => `${shared} ${tail}`)));
    expect(related.rows).toHaveLength(20);
    expect(new Set(related.rows.map(({ split }) => split)).size).toBe(1);
    const unrelated = await rowsOf(mails(...tails));
    expect(new Set(unrelated.rows.map(({ split }) => split)).size).toBe(2);
  });
});

describe("rejection", () => {
  it.each([
    ["Re: a question\nWhere is the kernel source kept?", undefined],
    ["Nous vous invitons à visiter notre nouveau site, et à répondre à ce courrier dès que possible", undefined],
    ["Re: yes\n<url> <email>", "few words"],
    ["\xd6\xd0\xb9\xfa dear sir we are a factory \xce\xd2\xc3\xc7\xca\xc7", "not in Latin script"],
    ["Come and see our horny pictures now", "explicit"],
    ["World's Biggest C*O*C*K*S, get ready for them", "explicit"],
    ["The largest free adult site on the net", "explicit"],
    ["Generic V*agra, no prescription needed at all", "explicit"],
    ["Lift and firm your breasts in 60 days", "explicit"],
    ["Scientists count how promiscuous some monkeys are", "explicit"],
    ["Attract women, with a secret that works at once", "explicit"],
    ["A bitch to set up, but it works now", "explicit"],
    ["The evolution of a legal pot substitute, for smokers", "explicit"],
    ["The cockpit of an aircraft holds a compass", undefined],
    ['A sniffer puts the card in promiscuous mode, or "promiscuous" network sniffers do', undefined],
    ["Price list: gear motor, vibrator motor, wheelchair", undefined],
    ["Both sexes, all singles: a sexy way to strip a string", undefined],
    ["A drug halves the transmission of genital herpes", undefined],
    ["Adult education in Essex, by the Virgin Islands' teachers", undefined],
    ["A gene behind many breast cancers is identified", undefined],
    ["The rule PORN_GALLERIES now scores less than before", undefined],
  ])("of %j is %s", (text, expected) => {
    expect(rejectionOf(text)).toBe(expected);
  });
});
