import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Failure, InputError, Interrupted } from "../../src/errors.ts";
import { repository } from "../../src/hub/repository.ts";
import type { Network } from "../../src/hub/request.ts";
import { type FetchProgress, snapshot } from "../../src/hub/snapshot.ts";
import { MemoryFiles } from "../host/memory_files.ts";
import { COMMIT, LoopbackHub } from "./loopback_hub.ts";

const WEIGHTS = "model.safetensors";
const bert = repository("models", "bert-tiny");
const bytesOf = (text: string) => new TextEncoder().encode(text);
const weights = Uint8Array.from({ length: 5000 }, (_, index) => (index * index) % 251);

let hub: LoopbackHub;
let cache: MemoryFiles;

beforeEach(() => {
  hub = new LoopbackHub(
    "bert-tiny",
    new Map([["config.json", bytesOf("{}")], [WEIGHTS, weights], ["README.md", bytesOf("# Bert")]]),
  );
  cache = new MemoryFiles();
});
afterEach(() => hub.close());

function fetchAll(network: Network = hub.network(), report?: (progress: FetchProgress) => void) {
  return snapshot(network, cache, bert, (paths) => paths.filter((path) => path !== "README.md"), report);
}

async function refusal(network: Network = hub.network()): Promise<Error> {
  const thrown = await fetchAll(network).then(() => undefined, (reason: unknown) => reason);
  expect(thrown).toBeInstanceOf(Error);
  return thrown as Error;
}

/** What of the repository is in the cache, and the sizes. */
function kept(): Record<string, number> {
  const folder = `models--bert-tiny/${COMMIT}/`;
  const entries = Object.entries(cache.texts()).filter(([path]) => path.startsWith(folder));
  return Object.fromEntries(entries.map(([path, text]) => [path.slice(folder.length), text.length]));
}

describe("files of the hub", () => {
  it("are fetched, those that are wanted, and told of as they come", async () => {
    const told: FetchProgress[] = [];
    const { commit, files, notices } = await fetchAll(hub.network(), (progress) => told.push(progress));
    expect([commit, notices]).toEqual([COMMIT, []]);
    expect(await files.read(WEIGHTS)).toEqual(weights);
    expect((await files.list("")).sort()).toEqual(["config.json", WEIGHTS]);
    expect(told.at(-1)).toEqual({ repository: "bert-tiny", bytes: 5002, total: 5002 });
    expect(hub.asked.map(({ path }) => path)).not.toContain(`/bert-tiny/resolve/${COMMIT}/README.md`);
  });

  it("do not come where the cache has no room for what is lacking of them", async () => {
    const rooms: number[] = [];
    const full = Object.assign(cache, {
      makeRoom(bytes: number): Promise<void> {
        rooms.push(bytes);
        return bytes > 4000 ? Promise.reject(new Failure("full")) : Promise.resolve();
      },
    });
    expect((await refusal()).message).toBe("full");
    expect(hub.asked.map(({ path }) => path)).toEqual(["/api/models/bert-tiny/revision/main"]);
    await full.append(`models--bert-tiny/${COMMIT}/${WEIGHTS}.part`, weights.subarray(0, 2000));
    await fetchAll();
    expect(rooms).toEqual([5002, 3002]);
  });

  it("are fetched once", async () => {
    await fetchAll();
    const before = hub.askedElsewhere.length;
    await fetchAll();
    expect(hub.askedElsewhere).toHaveLength(before);
    expect(hub.asked.slice(-1).map(({ path }) => path)).toEqual(["/api/models/bert-tiny/revision/main"]);
  });

  it("are found where the hub is not asked, or not there", async () => {
    await fetchAll();
    const asked = hub.asked.length;
    const offline = await fetchAll(hub.network({ HF_HUB_OFFLINE: "1" }));
    expect(await offline.files.read(WEIGHTS)).toEqual(weights);
    expect(hub.asked).toHaveLength(asked);
    const network = hub.network();
    await hub.close();
    const { files, notices } = await fetchAll(network);
    expect(await files.read(WEIGHTS)).toEqual(weights);
    expect(notices).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached: .*What was fetched before is used$/),
    ]);
  });

  it("are not asked for with the token where they are elsewhere", async () => {
    await fetchAll(hub.network({ HF_TOKEN: "secret" }));
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer secret"]));
    expect(hub.askedElsewhere).toEqual([{
      path: expect.stringMatching(/^\/blob\/[0-9a-f]{64}$/),
      range: null,
      authorization: null,
    }]);
  });

  it("go on where the connection broke", async () => {
    hub.cuts.push(2, 2000, 0, 1000);
    await fetchAll();
    expect(await cache.read(`models--bert-tiny/${COMMIT}/${WEIGHTS}`)).toEqual(weights);
    expect(hub.askedElsewhere.map(({ range }) => range)).toEqual([null, "bytes=2000-", "bytes=2000-", "bytes=3000-"]);
  });

  it("go on in the next run, where this one gave up", async () => {
    hub.cuts.push(2, 2000, ...Array(6).fill(0));
    expect((await refusal()).message).toMatch(/^the connection to 127\.0\.0\.1:\d+ breaks: /);
    expect(kept()).toEqual({ "config.json": 2, [`${WEIGHTS}.part`]: expect.any(Number) });
    await fetchAll();
    expect(hub.askedElsewhere.at(-1)!.range).toBe("bytes=2000-");
    expect(await cache.read(`models--bert-tiny/${COMMIT}/${WEIGHTS}`)).toEqual(weights);
  });

  it("are given up where the hub ends each answer before the first byte", async () => {
    hub.next.push(Response.json(hub.listing()), ...Array.from({ length: 6 }, () => new Response("")));
    const thrown = await refusal();
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown.message).toMatch(/^the connection to 127\.0\.0\.1:\d+ breaks: it ends too early$/);
  });

  it("are no longer waited for once the run is stopped", async () => {
    using _claim = await cache.claim("models--bert-tiny/lock");
    const stopping = new AbortController();
    const wait = () => Promise.resolve(stopping.abort());
    expect(await refusal({ ...hub.network(), wait, signal: stopping.signal })).toBeInstanceOf(Interrupted);
  });

  it("begin again where the host knows no ranges", async () => {
    hub.ranges = false;
    hub.cuts.push(2, 2000);
    await fetchAll();
    expect(await cache.read(`models--bert-tiny/${COMMIT}/${WEIGHTS}`)).toEqual(weights);
  });

  it("are asked for again where the hub is busy, after as long as it wishes", async () => {
    hub.next.push(
      new Response("", { status: 503 }),
      new Response("", { status: 429, headers: { "retry-after": "7" } }),
    );
    const pauses: number[] = [];
    await fetchAll(hub.network({}, pauses));
    expect(pauses).toEqual([500, 7000]);
  });

  it("are fetched by one run at a time", async () => {
    const claim = await cache.claim("models--bert-tiny/lock");
    const pauses: number[] = [];
    const network = hub.network({}, pauses);
    let waits = 0;
    const wait = async (milliseconds: number) => {
      await network.wait(milliseconds);
      if (++waits === 2) claim![Symbol.dispose]();
    };
    const waiting: string[] = [];
    await fetchAll({ ...network, wait, waiting: (why) => void waiting.push(why) });
    expect(pauses).toEqual([500, 500]);
    expect(waiting).toEqual(["bert-tiny is being fetched elsewhere; waiting for that"]);
  });
});

describe("files of the hub are refused, and nothing is left of them, where", () => {
  it.each<[string, (bytes: Uint8Array) => Uint8Array, RegExp]>([
    [
      "a byte differs",
      (bytes) => bytes.with(7, 1),
      /has the hash [0-9a-f]{64}, where the hub says [0-9a-f]{64}\. It was removed/,
    ],
    [
      "they are longer than was said",
      (bytes) => new Uint8Array([...bytes, 1]),
      /is longer than the hub says\. It was removed/,
    ],
  ])("%s", async (_what, change, message) => {
    const listing = hub.listing();
    hub.next.push(Response.json(listing));
    hub.files.set(WEIGHTS, change(weights));
    const thrown = await refusal();
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown.message).toMatch(message);
    expect(kept()).toEqual({ "config.json": 2 });
  });

  it("a small one differs, too", async () => {
    hub.next.push(Response.json(hub.listing()));
    hub.files.set("config.json", bytesOf("[]"));
    expect((await refusal()).message).toMatch(/^config\.json, as it was fetched, has the hash [0-9a-f]{40}, /);
    expect(kept()).toEqual({});
  });

  it.each([
    ["in a circle", (path: string) => `${hub.url}/bert-tiny/resolve/${COMMIT}/${path}`, /from one address to the next/],
    ["to plain http", () => "http://example.org/x", /leads to http:\/\/example\.org\/x, which is not https/],
    ["to no address", () => "http://", /leads to http:\/\/, which is not https/],
  ])("the hub leads %s", async (_what, location, message) => {
    hub.location = location;
    const thrown = await refusal();
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown.message).toMatch(message);
  });

  it.each([
    [401, {}, /bert-tiny is not there, or not for everybody: check the name, or set HF_TOKEN/],
    [401, { HF_TOKEN: "x" }, /the token of HF_TOKEN may not read it/],
    [403, {}, /is for those who accepted its conditions there/],
    [404, {}, /bert-tiny is not there, or has no revision 'main'/],
    [410, {}, /answered 410/],
  ])("the hub answers %d to %o", async (status, variables, message) => {
    hub.next.push(new Response("", { status }));
    const thrown = await refusal(hub.network(variables));
    expect(thrown).toBeInstanceOf(InputError);
    expect(thrown.message).toMatch(message);
  });

  it.each([429, 500])("the hub answers %d and nothing else", async (status) => {
    for (let times = 0; times < 6; times++) hub.next.push(new Response("", { status }));
    const thrown = await refusal();
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown.message).toMatch(status === 429 ? /has had too many requests/ : /answered 500, again and again/);
  });

  it.each([
    ["no JSON", "<html>", /did not answer as the hub does$/],
    [
      "no hash",
      JSON.stringify({ sha: COMMIT, siblings: [{ rfilename: "a", size: 1 }] }),
      /does not give the size and the hash of a/,
    ],
  ])("the hub gives %s", async (_what, text, message) => {
    hub.next.push(new Response(text));
    expect((await refusal()).message).toMatch(message);
  });

  it("nothing was fetched, and the hub is not asked", async () => {
    const thrown = await refusal(hub.network({ HF_HUB_OFFLINE: "1" }));
    expect(thrown).toEqual(new InputError("'bert-tiny' at 'main' was not fetched before, and HF_HUB_OFFLINE is set"));
  });
});

it("paths of files never lead out of the cache", async () => {
  for (const path of ["../x", "a/../../x", "/x", "C:\\x", "a\\..\\x", "a//x", ".", "a/..", "a\0b"]) {
    hub.files.set(path, bytesOf("evil"));
  }
  await snapshot(hub.network(), cache, bert, (paths) => paths);
  expect(Object.keys(kept()).sort()).toEqual(["README.md", "config.json", WEIGHTS]);
});

it.each(["", "a/b/c", "../x", ".hidden", "a b", "a/..", "a?b", "http://x"])("'%s' is no name of a repository", (id) => {
  expect(() => repository("models", id)).toThrow(InputError);
});

it.each(["..", "a/../b", "a b", ""])("'%s' is no revision", (revision) => {
  expect(() => repository("models", "bert-tiny", revision)).toThrow(InputError);
});
