import { get } from "node:http";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CONTENT_SECURITY_POLICY } from "../../cli/serve/headers.ts";
import { listenAt, listenFrom, type Listening } from "../../cli/serve/listen.ts";
import { readPage } from "../../cli/serve/page_files.ts";
import { Failure } from "../../src/errors.ts";
import { parseHubFile } from "../../src/hub/hub_file.ts";
import { callPupil, root } from "../cli/call_pupil.ts";

const packed = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const page: Readonly<Record<string, string | Uint8Array>> = {
  "index.html": "<!doctype html>",
  "service_worker.js": "self",
  "assets/index-1a2b.js": "let x;",
  "assets/fetch_worker-1a2b.js": "let y;",
  "hub.json": '{"endpoint": "https://huggingface.co", "leads_to": ["https://*.hf.co"]}',
  "wasm/a.wasm": new Uint8Array([0, 97, 115, 109]),
  "project/data/mail.jsonl.gz": packed,
  "project/configs/a b.yaml": "x: 1",
  "manifest.webmanifest": "{}",
  "favicon.svg": "<svg/>",
};

let folder: string;
let server: Listening;
const stopping = new AbortController();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pupil-serve-"));
  for (const [path, content] of Object.entries(page)) {
    await mkdir(join(folder, "dist", path, ".."), { recursive: true });
    await writeFile(join(folder, "dist", path), content);
  }
  await writeFile(join(folder, "secret.txt"), "secret");
  await mkdir(join(folder, "private"));
  await writeFile(join(folder, "private/secret.txt"), "secret");
  await symlink(join(folder, "secret.txt"), join(folder, "dist/linked.txt"));
  await symlink(join(folder, "private"), join(folder, "dist/linked"));
  server = listenFrom(0, "127.0.0.1", await readPage(join(folder, "dist")), stopping.signal);
});

afterAll(async () => {
  stopping.abort();
  await server.finished;
  await rm(folder, { recursive: true });
});

const ask = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe("the page's server", () => {
  it.each([
    ["", "text/html; charset=utf-8"],
    ["index.html", "text/html; charset=utf-8"],
    ["service_worker.js", "text/javascript; charset=utf-8"],
    ["assets/index-1a2b.js", "text/javascript; charset=utf-8"],
    ["wasm/a.wasm", "application/wasm"],
    ["project/data/mail.jsonl.gz", "application/gzip"],
    ["project/configs/a%20b.yaml", "application/yaml"],
    ["manifest.webmanifest", "application/manifest+json"],
    ["favicon.svg", "image/svg+xml"],
  ])("gives /%s as %s, byte by byte", async (path, type) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    const expected = page[decodeURI(path) || "index.html"]!;
    const bytes = typeof expected === "string" ? new TextEncoder().encode(expected) : expected;
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  it("never says that a gz file is to be unpacked", async () => {
    const { headers } = await ask("project/data/mail.jsonl.gz", { headers: { "accept-encoding": "gzip, br" } });
    expect(headers.get("content-encoding")).toBeNull();
    expect(headers.get("content-length")).toBe(String(packed.length));
  });

  it.each(["", "assets/index-1a2b.js", "nowhere"])("gives /%s with the headers that guard the page", async (path) => {
    const { headers } = await ask(path);
    expect(headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("lets the Worker that fetches models ask the hub, and nothing else in the page", async () => {
    const policy = async (path: string) => (await ask(path)).headers.get("content-security-policy");
    expect(await policy("assets/fetch_worker-1a2b.js")).toBe(
      CONTENT_SECURITY_POLICY.replace(
        "connect-src 'self'",
        "connect-src 'self' https://huggingface.co https://*.hf.co",
      ),
    );
    for (const path of ["project/assets/fetch_worker-1a2b.js", "assets/index-1a2b.js", "hub.json"]) {
      expect(await policy(path)).toBe(CONTENT_SECURITY_POLICY);
    }
  });

  it("lets browsers keep for ever what has its hash in its name, and nothing else", async () => {
    expect((await ask("assets/index-1a2b.js")).headers.get("cache-control")).toContain("immutable");
    for (const path of ["", "service_worker.js", "wasm/a.wasm"]) {
      expect((await ask(path)).headers.get("cache-control")).toBe("no-cache");
    }
  });

  it("answers 304 to who holds the file, and anew to who holds another", async () => {
    const etag = (await ask("")).headers.get("etag")!;
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const held of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const response = await ask("", { headers: { "if-none-match": held } });
      expect([held, response.status, await response.text()]).toEqual([held, 304, ""]);
      expect(response.headers.get("etag")).toBe(etag);
    }
    const other = (await ask("favicon.svg")).headers.get("etag")!;
    expect(other).not.toBe(etag);
    expect((await ask("", { headers: { "if-none-match": other } })).status).toBe(200);
  });

  it("answers HEAD with the headers alone", async () => {
    const response = await ask("project/data/mail.jsonl.gz", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("content-length")).toBe(String(packed.length));
    expect((await ask("nowhere", { method: "HEAD" })).status).toBe(404);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    const response = await ask("", { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });

  it.each([
    ...["/nowhere", "/assets", "/assets/", "//index.html", "/INDEX.HTML", "/index.html/", "/index.html%00", "/%"],
    ...["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt", "/..%5csecret.txt"],
    ...["/assets/../../secret.txt", "/assets/..%2f..%2fsecret.txt", "/....//secret.txt", "/%252e%252e/secret.txt"],
    ...["/linked.txt", "/linked/secret.txt"],
  ])("has nothing at %s", async (path) => {
    expect(await raw(path)).toEqual({ status: 404, body: "not found\n" });
  });

  it("has nothing at the path of a file on the disk", async () => {
    expect(await raw(`/${join(folder, "secret.txt")}`)).toMatchObject({ status: 404 });
    expect(await raw(join(folder, "secret.txt"))).toMatchObject({ status: 404 });
  });

  it("takes the next port where the first is taken, and refuses one that was asked for", async () => {
    const files = await readPage(join(folder, "dist"));
    const other = new AbortController();
    const next = listenFrom(server.port, "127.0.0.1", files, other.signal);
    expect(next.port).toBeGreaterThan(server.port);
    expect(() => listenAt(server.port, "127.0.0.1", files, other.signal)).toThrow(
      new Failure(`port ${server.port} is taken; name another, or leave --port out to take one that is free`),
    );
    other.abort();
    await next.finished;
  });

  it.each([
    ["127.0.0.1", "127.0.0.1", true],
    ["::1", "[::1]", true],
    ["0.0.0.0", "127.0.0.1", false],
    ["::", "[::1]", false],
  ])("at %s gives an address that a browser can visit", async (host, visited, isPrivate) => {
    const stop = new AbortController();
    const at = listenFrom(0, host, new Map(), stop.signal);
    expect([at.url, at.isPrivate]).toEqual([`http://${visited}:${at.port}/`, isPrivate]);
    expect((await fetch(at.url)).status).toBe(404);
    stop.abort();
    await at.finished;
  });

  it("says so where there is no page to serve", async () => {
    const message = expect.stringMatching(/no page is built there/);
    await expect(readPage(join(folder, "empty"))).rejects.toMatchObject({ name: "Failure", message });
    await expect(readPage(join(folder, "private"))).rejects.toMatchObject({ name: "Failure", message });
  });
});

describe("the hub of the page", () => {
  it("is Hugging Face's", async () => {
    const { endpoint, sources } = parseHubFile(await readFile(join(root, "web/public/hub.json"), "utf8"), "hub.json");
    expect(endpoint.href).toBe("https://huggingface.co/");
    expect(sources).toEqual(["https://huggingface.co", "https://*.huggingface.co", "https://*.hf.co"]);
  });

  it.each([
    "",
    "{}",
    '{"endpoint": "http://example.org", "leads_to": []}',
    '{"endpoint": "huggingface.co", "leads_to": []}',
    '{"endpoint": "https://a.org", "leads_to": ["https://b.org; script-src *"]}',
    '{"endpoint": "https://a.org", "leads_to": ["*"]}',
    '{"endpoint": "https://a.org", "leads_to": ["https://*"]}',
  ])("is not %s", (text) => {
    expect(() => parseHubFile(text, "hub.json")).toThrow(/^hub\.json names no hub: expected an endpoint/);
  });
});

describe("the page's policy", () => {
  it("is the same in the page and in the header, which adds that nobody may frame it", async () => {
    const html = await readFile(join(root, "web/index.html"), "utf8");
    const [, inPage] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)!;
    expect(CONTENT_SECURITY_POLICY).toBe(`${inPage}; frame-ancestors 'none'`);
  });

  it("allows no code but the page's own", () => {
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(CONTENT_SECURITY_POLICY).toMatch(/(^|; )default-src 'self';/);
  });
});

describe("pupil serve", () => {
  it.each([
    ["--port 70000", "--port 70000: a port is a whole number from 0 to 65535"],
    ["--port 80.5", "--port 80.5: a port is a whole number from 0 to 65535"],
    ["--prot 8000", "unknown flag --prot. Did you mean --port?"],
    ["here", "unexpected argument 'here'"],
  ])("refuses %s", async (args, message) => {
    const { code, stderr } = await callPupil("/nowhere", "serve", ...args.split(" "));
    expect(code).toBe(2);
    expect(stderr.split("\n")[0]).toBe(`pupil: ${message}`);
  });
});

/** Asks for a path as it is written; `fetch` would resolve the dots first. */
function raw(path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    get({ hostname, port, path }, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body });
    }).on("error", reject);
  });
}
