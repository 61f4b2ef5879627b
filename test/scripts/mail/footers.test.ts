import { describe, expect, it } from "vitest";
import { withoutFooters } from "../../../scripts/mail/footers.ts";

const RULE = "_".repeat(47);

describe("footers", () => {
  it.each([
    ["-- \nAnn Other\nhttp://example.org/"],
    ["--\nAnn Other"],
    [`${RULE}\nExample mailing list\nExample@lists.example.org`],
    [`${"-".repeat(55)}\nThis sf.net email is sponsored by:ThinkGeek\nWelcome to geek heaven.`],
    ["------------------------ Yahoo! Groups Sponsor ---------------------~-->\n4 DVDs Free"],
    ["To unsubscribe from this group, send an email to:\nexample@egroups.example"],
    [`${RULE}\nGet your free e-mail at http://mail.example/`],
    ["-----BEGIN PGP SIGNATURE-----\nVersion: x"],
    [`-- \nAnn\n\n${RULE}\nExample mailing list`],
  ])("are cut off: %j", (footer) => {
    expect(withoutFooters(`What I say.\n\n${footer}\n`).trim()).toBe("What I say.");
  });

  it("are not all there is", () => {
    expect(withoutFooters("-- \nAnn Other\n")).toBe("-- \nAnn Other\n");
  });

  it("are not the rules between the sections of a newsletter", () => {
    const sections = Array.from(
      { length: 12 },
      (_, index) => `${RULE}\nThe list of things, part ${index}\nText.\nText.`,
    ).join("\n");
    expect(withoutFooters(`News\n${sections}`)).toContain("part 3");
  });
});
