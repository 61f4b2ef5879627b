import { describe, expect, it } from "vitest";
import { Failure } from "../../../src/errors.ts";
import { readText } from "../../../src/host.ts";
import { FetchedFiles } from "../../../web/host/fetched_files.ts";

const base = new URL("https://example.org/sub/project/");
const listed = ["configs/demo.yaml", "configs/data/mail.yaml", "data/mail.jsonl.gz", "data/a b#?.txt", "gone.txt"];

/** A server of some files; what is asked of it is noted. */
function server(files: Readonly<Record<string, BodyInit>> = {}, status = 200) {
  const asked: string[] = [];
  const all: Record<string, BodyInit> = { "files.json": JSON.stringify(listed), ...files };
  const fetched = new FetchedFiles(base, ({ href }) => {
    asked.push(href);
    const body = all[decodeURIComponent(href.slice(base.href.length))];
    return Promise.resolve(body === undefined ? new Response("no", { status: 404 }) : new Response(body, { status }));
  });
  return { fetched, asked };
}

describe("the project's files on the page", () => {
  it("are fetched below the base, as they are", async () => {
    const bytes = Uint8Array.of(0x1f, 0x8b, 0, 255);
    const { fetched, asked } = server({ "data/mail.jsonl.gz": bytes, "data/a b#?.txt": "odd" });
    expect(await fetched.read("data/mail.jsonl.gz")).toEqual(bytes);
    expect(await readText(fetched, "data/a b#?.txt")).toBe("odd");
    expect(asked).toEqual([
      "https://example.org/sub/project/files.json",
      "https://example.org/sub/project/data/mail.jsonl.gz",
      "https://example.org/sub/project/data/a%20b%23%3F.txt",
    ]);
    expect(fetched.describe("data/mail.jsonl.gz")).toBe("https://example.org/sub/project/data/mail.jsonl.gz");
  });

  it("are fetched ahead once, and again where that failed", async () => {
    const { fetched, asked } = server({ "data/a b#?.txt": "odd" });
    fetched.fetchAhead("data/a b#?.txt");
    expect(asked).toHaveLength(1);
    expect(await readText(fetched, "data/a b#?.txt")).toBe("odd");
    expect(asked).toHaveLength(2);
    expect(await readText(fetched, "data/a b#?.txt"), "read anew").toBe("odd");
    expect(asked).toHaveLength(3);

    let isThere = false;
    const flaky = new FetchedFiles(base, ({ href }) => {
      if (href.endsWith("files.json")) return Promise.resolve(new Response(JSON.stringify(listed)));
      return isThere ? Promise.resolve(new Response("odd")) : Promise.reject(new TypeError("no connection"));
    });
    flaky.fetchAhead("data/a b#?.txt");
    isThere = true;
    expect(await readText(flaky, "data/a b#?.txt")).toBe("odd");
  });

  it("are absent where the list has them not, without a request, or where they are gone", async () => {
    const { fetched, asked } = server();
    expect(await fetched.read("configs/other.yaml")).toBe(undefined);
    expect(await fetched.read("../secret")).toBe(undefined);
    expect(asked).toHaveLength(1);
    expect(await fetched.read("gone.txt")).toBe(undefined);
  });

  it("are listed by folder", async () => {
    const { fetched } = server();
    expect(await fetched.list("configs")).toEqual(["data", "demo.yaml"]);
    expect(await fetched.list("")).toEqual(["configs", "data", "gone.txt"]);
    expect(await fetched.list("nothing")).toEqual([]);
  });

  it("are only read", async () => {
    const { fetched } = server();
    for (const change of [fetched.write("a"), fetched.append("a"), fetched.truncate("a")]) {
      await expect(change).rejects.toThrow("https://example.org/sub/project/a is only read");
    }
  });
});

describe("a file that cannot be fetched", () => {
  const failing = (files: FetchedFiles, path = "configs/demo.yaml") =>
    files.read(path).then(() => undefined, (thrown) => thrown);

  it("says so where there is no connection, and is tried again", async () => {
    let online = false;
    const files = new FetchedFiles(
      base,
      ({ href }) =>
        online
          ? Promise.resolve(new Response(href.endsWith("files.json") ? JSON.stringify(listed) : "a: 1"))
          : Promise.reject(new TypeError("Failed to fetch")),
    );
    const failed = await failing(files);
    expect(failed).toBeInstanceOf(Failure);
    expect(failed.message).toMatch(/^cannot fetch https:.*\/files\.json: there is no connection, and it is not kept/);
    online = true;
    expect(await readText(files, "configs/demo.yaml")).toBe("a: 1");
  });

  it("says what the server answered, or left out, or changed", async () => {
    expect((await failing(server({}, 503).fetched)).message).toMatch(/files\.json: the server answered 503/);
    const bare = new FetchedFiles(base, () => Promise.resolve(new Response("", { status: 404 })));
    expect((await failing(bare)).message).toMatch(/files\.json is missing, though it comes with the page/);
    for (const body of ["<!doctype html>", "{}", "[1]"]) {
      expect((await failing(server({ "files.json": body }).fetched)).message).toMatch(
        /files\.json is not a list of paths/,
      );
    }
    const unpacked = server({ "data/mail.jsonl.gz": '{"id":"1"}' }).fetched;
    expect((await failing(unpacked, "data/mail.jsonl.gz")).message).toMatch(
      /mail\.jsonl\.gz arrived unpacked\. The server must send/,
    );
  });
});
