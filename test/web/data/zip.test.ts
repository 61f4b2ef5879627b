import { array, assert, asyncProperty, integer, nat, record, string, uint8Array } from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { MOST_UNPACKED } from "../../../web/data/archive_entry.ts";
import { crc32 } from "../../../web/data/zip/crc32.ts";
import { readZip } from "../../../web/data/zip/read_zip.ts";
import { writeZip } from "../../../web/data/zip/write_zip.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const zipOf = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, bytesOf(text)])));
const textsOf = async (zip: Uint8Array) =>
  Object.fromEntries(
    (await readZip(zip, "a.zip")).entries.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]),
  );

/** The first place of a number of four bytes. */
function placeOf(zip: Uint8Array, signature: number): number {
  const view = new DataView(zip.buffer, zip.byteOffset);
  for (let at = 0; at + 4 <= zip.length; at++) if (view.getUint32(at, true) === signature) return at;
  throw new Error("it is not there");
}

/** The archive with some bytes of the first file's place in its directory put in place of others. */
function patched(zip: Uint8Array, offset: number, ...values: number[]): Uint8Array {
  const copy = zip.slice();
  copy.set(values, placeOf(copy, 0x02014b50) + offset);
  return copy;
}

describe("a zip file that is written", () => {
  it("holds its files, sorted, and is the same each time", async () => {
    const entries = [
      { path: "b/Письмо.txt", bytes: bytesOf("привет ".repeat(1000)) },
      { path: "a", bytes: new Uint8Array() },
    ];
    const zip = await writeZip(entries);
    expect(zip.length).toBeLessThan(600);
    expect((await readZip(zip, "a.zip")).entries).toEqual([...entries].reverse());
    expect(await writeZip([...entries].reverse())).toEqual(zip);
  });

  it("of any files reads back", () => {
    const entry = record({ path: integer({ min: 0, max: 99 }), bytes: uint8Array({ maxLength: 2000 }) });
    return assert(asyncProperty(array(entry, { maxLength: 5 }), async (files) => {
      const entries = [...new Map(files.map(({ path, bytes }) => [`${path}`.padStart(2, "0"), bytes]))]
        .map(([path, bytes]) => ({ path, bytes })).sort((a, b) => (a.path < b.path ? -1 : 1));
      expect((await readZip(await writeZip(entries), "a.zip")).entries).toEqual(entries);
    }));
  });

  it("has the checksum that everybody computes", () => {
    expect(crc32(bytesOf("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe("a zip file that is read", () => {
  it("may hold stored files, folders and a comment", async () => {
    const zip = zipSync({ "a/": new Uint8Array(), "a/b": [bytesOf("stored"), { level: 0 }] }, { comment: "hi" });
    expect(await textsOf(zip)).toEqual({ "a/b": "stored" });
    const longer = new Uint8Array(zip.length + 5);
    longer.set(zip);
    longer[zip.length - 2] = 5;
    expect(await textsOf(longer)).toEqual({ "a/b": "stored" });
    expect(await textsOf(zipOf({ ".\\a\\b": "1" }))).toEqual({ "a/b": "1" });
  });

  it.each(["../a", "a/../../b", "/etc/passwd", "C:\\a", "a//b", "a/./b", "a\\..\\..\\b", "a\nb"])(
    "is refused with a path that leads out of it: %j",
    async (path) => {
      await expect(readZip(zipOf({ fine: "1", [path]: "2" }), "a.zip")).rejects.toThrow(
        `a.zip: '${path}' leads out of the folder that it is unpacked to, so it is not opened`,
      );
    },
  );

  it("is refused where it is none, cut, broken, encrypted, or packed in a way of its own", async () => {
    const zip = zipOf({ a: "some text, some text, some text" });
    const refused = (bytes: Uint8Array) => expect(readZip(bytes, "a.zip")).rejects;
    await refused(bytesOf("text")).toThrow("a.zip: not a zip file, or cut short");
    await refused(zip.slice(0, -1)).toThrow("a.zip: not a zip file, or cut short");
    await refused(patched(zip, 0, 1)).toThrow("a.zip: the zip file's list of files is broken");
    await refused(patched(zip, 8, 1)).toThrow("a.zip: 'a' is encrypted. Pack it without a password");
    await refused(patched(zip, 10, 12)).toThrow(
      "a.zip: 'a' is packed by method 12. Pack it as zip usually does (deflate)",
    );
    for (const offset of [16, 20, 24, 42]) {
      await refused(patched(zip, offset, zip[placeOf(zip, 0x02014b50) + offset]! ^ 1)).toThrow(
        "a.zip: 'a' is broken in it. Download or pack it again",
      );
    }
    const flipped = zip.slice();
    flipped[40]! ^= 0x10;
    await refused(flipped).toThrow("a.zip: 'a' is broken in it");
    const twice = zipOf({ aa: "1", ab: "2" });
    const second = twice.lastIndexOf("b".charCodeAt(0));
    twice[second] = "a".charCodeAt(0);
    await refused(twice).toThrow("a.zip: 'aa' stands twice in it");
  });

  it("is refused where it would be too large, before anything is unpacked", async () => {
    const zip = zipOf({ a: "1", b: "2" });
    await expect(readZip(patched(zip, 24, 0, 0, 0, 0x20), "a.zip")).rejects.toThrow(
      "a.zip: unpacked it is 512 MB, of at most 256 MB",
    );
    await expect(readZip(patched(zip, 24, 255, 255, 255, 255), "a.zip")).rejects.toThrow("a.zip: 'a' is huge");
    const bomb = zipSync({ a: new Uint8Array(MOST_UNPACKED / 4) });
    // It says that it is small.
    await expect(readZip(patched(bomb, 24, 16, 0, 0, 0), "a.zip")).rejects.toThrow("a.zip: 'a' is broken in it");
  });

  it("leaves links out, and says so", async () => {
    const link = { os: 3, attrs: (0o120777 << 16) >>> 0 };
    const zip = zipSync({ a: bytesOf("1"), b: [bytesOf("/etc/passwd"), link] });
    const { entries, notices } = await readZip(zip, "a.zip");
    expect(entries.map(({ path }) => path)).toEqual(["a"]);
    expect(notices).toEqual(["a.zip: 'b' is a link, and was left out"]);
  });

  it("of any bytes is files or a mistake in words", async () => {
    const onlyInput = async (bytes: Uint8Array) => {
      const failed = await readZip(bytes, "a.zip").then(() => undefined, (thrown) => thrown);
      if (failed) expect(failed).toBeInstanceOf(InputError);
    };
    await assert(asyncProperty(uint8Array({ maxLength: 100 }), onlyInput));
    const whole = await writeZip([{ path: "a/b", bytes: bytesOf("x".repeat(200)) }, {
      path: "c",
      bytes: bytesOf("y"),
    }]);
    const change = record({ at: nat(whole.length - 1), value: nat(255) });
    await assert(
      asyncProperty(array(change, { minLength: 1, maxLength: 4 }), nat(3), async (changes, cut) => {
        const bytes = whole.slice(0, whole.length - cut);
        for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value;
        await onlyInput(bytes);
      }),
      { numRuns: 3000 },
    );
    await assert(asyncProperty(string({ unit: "binary" }), (path) => onlyInput(zipOf({ [path]: "1" }))));
  });
});
