import { describe, expect, it } from "vitest";
import { decodeTransfer } from "../../../scripts/mail/transfer.ts";

describe("transfer encodings", () => {
  it("undo base64 over several lines", () => {
    expect(decodeTransfer("SGVsbG8s\r\nIHdvcmxk\r\n", "Base64")).toBe("Hello, world");
  });

  it("end base64 where a list's footer begins, and keep the footer as it is", () => {
    expect(decodeTransfer("SGVsbG8=\n\n-- \nThe list: a@b.example", "base64")).toBe("Hello-- \nThe list: a@b.example");
  });

  it("undo quoted-printable: escapes, soft line breaks, blanks that a relay added", () => {
    expect(decodeTransfer("caf=E9 =\nau lait=3D2 \nnext", "quoted-printable")).toBe("caf\xe9 au lait=2\nnext");
  });

  it("leave what is no escape", () => {
    expect(decodeTransfer("a=b =zz", "quoted-printable")).toBe("a=b =zz");
  });

  it.each(["7bit", "8bit", "binary", "", "x-unknown"])("leave %s as it is", (encoding) => {
    expect(decodeTransfer("1 =3D 1 caf\xe9", encoding)).toBe("1 =3D 1 caf\xe9");
  });

  it("undo quoted-printable that no header declares", () => {
    expect(decodeTransfer('<font face=3D"x"=\n size=3D2>a=20\nb</font>', "7bit")).toBe(
      '<font face="x" size=2>a \nb</font>',
    );
  });
});
