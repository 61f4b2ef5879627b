import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listingFile } from "../config/resolve.ts";
import { topicWords } from "../experiment/stub_plan.ts";
import { LoopbackHub } from "../hub/loopback_hub.ts";
import { tinyBert, tinyCheckpoint, tinyDistilBert } from "../hub/tiny_checkpoint.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { callPupil, type Ended, startPupil } from "./call_pupil.ts";
import { writeTinyPlan } from "./topic_files.ts";

const tokenizer = tinyTokenizer(topicWords);
const size = Object.keys(tokenizer.model.vocab).length;
const bert = (seed: number) => tinyCheckpoint(tinyBert(size), tokenizer, seed);
const BERT = "bert-base-cased";
const DISTILBERT = "distilbert-base-cased";

let cwd: string;
let hub: LoopbackHub;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "pupil-hub-"));
  writeTinyPlan(cwd);
  writeFileSync(
    join(cwd, "asm.yaml"),
    readFileSync(join(cwd, "tiny.yaml"), "utf8").replace(
      "acquisition_model: {name: bag-64}",
      `acquisition_model: {name: ${DISTILBERT}}\nsuccessor_model: {name: ${BERT}}`,
    ),
  );
  hub = new LoopbackHub(BERT, bert(1));
  hub.publish(DISTILBERT, tinyCheckpoint(tinyDistilBert(size), tokenizer));
  Deno.env.set("HF_ENDPOINT", hub.url);
  Deno.env.set("PUPIL_CACHE", join(cwd, "cache"));
});
afterAll(async () => {
  Deno.env.delete("HF_ENDPOINT");
  Deno.env.delete("PUPIL_CACHE");
  await hub.close();
  rmSync(cwd, { recursive: true });
});
beforeEach(() => {
  hub.asked.length = 0;
  hub.askedElsewhere.length = 0;
});

function pupil(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return startPupil(cwd, args, { HF_ENDPOINT: hub.url, PUPIL_CACHE: join(cwd, "cache"), ...env }).ended;
}

async function done(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
  const { code, stderr } = await pupil(args, env);
  expect(code, stderr).toBe(0);
  return stderr;
}

/** What needs no GPU is called in this process, which has been told of the hub: a process of its own would take a second to start. */
async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  const { code, stdout, stderr } = await callPupil(cwd, ...args).finally(() =>
    Object.keys(env).forEach(Deno.env.delete)
  );
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: "" });
  expect(stderr.split("\n").length, stderr).toBeLessThanOrEqual(3);
  return stderr;
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(cwd, ...path), "utf8"));
const curves = (out: string) => readFileSync(join(cwd, out, "curves.csv"), "utf8");
const fetched = () =>
  hub.asked.filter(({ path }) => path.includes("/resolve/")).map(({ path }) => path.split("/").at(-1));

describe("a plan that names models of the hub", () => {
  it("fetches what it needs of them, over a connection that breaks, and runs to its end", async () => {
    // After the whole of the configuration, which is small, and in the middle of the weights.
    hub.cuts.push(5000, 2000);
    const stderr = await done(["run", "asm.yaml", "--out", "first"], { HF_TOKEN: "secret" });
    expect(stderr).toContain(`fetching ${BERT}: `);
    expect(new Set(fetched())).toEqual(new Set(["config.json", "model.safetensors", "tokenizer.json"]));
    expect(new Set(hub.asked.map(({ authorization }) => authorization))).toEqual(new Set(["Bearer secret"]));
    expect(new Set(hub.askedElsewhere.map(({ authorization }) => authorization))).toEqual(new Set([null]));
    expect(hub.askedElsewhere.filter(({ range }) => range === "bytes=2000-").length).toBe(1);
    expect(Object.keys(json("first/plan.json").commits).sort()).toEqual([`${BERT}@main`, `${DISTILBERT}@main`]);
    expect(curves("first")).toContain(`${BERT},${DISTILBERT},distilled,asm`);
  });

  it("takes what is there without asking again for its files, and without a hub at all", async () => {
    await done(["run", "asm.yaml", "--out", "second"]);
    expect(fetched()).toEqual([]);
    hub.asked.length = 0;
    await done(["run", "asm.yaml", "--out", "third"], { HF_HUB_OFFLINE: "1" });
    expect(hub.asked).toEqual([]);
    expect(curves("second")).toBe(curves("first"));
    expect(curves("third")).toBe(curves("first"));
  });

  it("goes on with the weights that it was begun with, and begins anew with those of the hub", async () => {
    const { commits } = json("first/plan.json");
    const commit = hub.publish(BERT, bert(2));
    expect(await done(["run", "asm.yaml", "--out", "first"])).toContain("finished already");
    expect(json("first/plan.json").commits).toEqual(commits);
    await done(["run", "asm.yaml", "--out", "fourth"]);
    expect(json("fourth/plan.json").commits[`${BERT}@main`]).toBe(commit);
  });

  it("takes them at another revision", async () => {
    const commit = hub.publish(BERT, bert(3), "refs/pr/1");
    await done(["run", "tiny.yaml", `acquisition_model.name=${BERT}`, "--revision", "refs/pr/1", "--out", "pr"]);
    const plan = json("pr/plan.json");
    expect(plan.commits).toEqual({ [`${BERT}@refs/pr/1`]: commit });
    expect(plan.experiments[0].acquisition_model.revision).toBe("refs/pr/1");
    const again = ["run", "tiny.yaml", `acquisition_model.name=${BERT}`, "--out", "pr"];
    expect(await refused(again)).toContain('revision was "refs/pr/1", is absent');
    expect(await done([...again, "acquisition_model.revision=refs/pr/1"])).toContain("finished already");
  });
});

describe("a plan that cannot have its models", () => {
  const tiny = (...args: string[]) => ["run", "tiny.yaml", "--out", "none", ...args];
  const named = (name: string, ...args: string[]) => tiny(`acquisition_model.name=${name}`, ...args);

  it.each([
    [tiny("--revision", "v2"), /--revision v2 has no effect/],
    [tiny("acquisition_model.revision=v2"), /acquisition_model\.revision has no effect: the model 'bag-64'/],
    [named("bert-base-case"), /Did you mean bert-base-cased\?/],
    [named("a/b/c"), /unknown model 'a\/b\/c'/],
    [named("t5-small"), /model 't5-small' is not there yet/],
  ])("%j says why, without a hub", async (args, message) => {
    const { code, stderr } = await callPupil(cwd, ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(join(cwd, "none"))).toBe(false);
  });

  it("hears of a revision that no hub could have before its data are fetched", async () => {
    const asked = hub.asked.length;
    for (const revision of ["a..b", "../main", "v 2"]) {
      const said = await refused(["run", listingFile(4), "--revision", revision]);
      expect(said).toContain(`'${revision}' is no revision: expected a branch, a tag or a commit`);
    }
    expect(hub.asked).toHaveLength(asked);
  });

  it("hears of a name and of a revision that the hub does not know", async () => {
    expect(await refused(named("nobody/nothing"))).toMatch(/nobody\/nothing is not there, or has no revision 'main'/);
    expect(await refused(named(BERT, "--revision", "none"))).toMatch(/is not there, or has no revision 'none'/);
    expect(existsSync(join(cwd, "none"))).toBe(false);
  });

  it("hears what a repository lacks before anything is fetched", async () => {
    const whole = bert(1);
    const without = (...paths: string[]) => new Map([...whole].filter(([path]) => !paths.includes(path)));
    hub.publish("some/pickle", without("model.safetensors"));
    hub.publish("some/data", without("config.json"));
    hub.publish("some/words", new Map([...without("tokenizer.json"), ["spiece.model", new Uint8Array(9)]]));
    expect(await refused(named("some/pickle"))).toMatch(/pickle.*AutoModel\.from_pretrained\("some\/pickle"\)/);
    expect(await refused(named("some/data"))).toMatch(/no model: it has no config\.json/);
    expect(await refused(named("some/words"))).toMatch(/AutoTokenizer\.from_pretrained\("some\/words"\)/);
    expect(fetched()).toEqual([]);
  });

  it("hears of an architecture that Pupil does not know", async () => {
    const files = bert(1);
    files.set("config.json", new TextEncoder().encode(JSON.stringify({ ...tinyBert(size), model_type: "mamba" })));
    hub.publish("some/mamba", files);
    expect(await refused(named("some/mamba"))).toMatch(/unknown architecture 'mamba'.*bert/);
  });

  it("hears that there is neither a hub nor what was fetched before", async () => {
    expect(await refused(named("gpt2"), { HF_HUB_OFFLINE: "1" })).toMatch(
      /'gpt2' .*was not fetched before, and HF_HUB_OFFLINE/,
    );
  }, 30_000);
});

describe("pupil cache", () => {
  it("lists what was fetched, and removes one of it, and all", async () => {
    const call = (...args: string[]) => callPupil(cwd, "cache", ...args);
    const { stdout, stderr } = await call("list");
    expect(stdout).toMatch(/^model {2}bert-base-cased +\d+ kB {2}main, refs\/pr\/1$/m);
    expect(stdout).toMatch(/^model {2}distilbert-base-cased +\d+ kB {2}main$/m);
    expect(stderr).toContain(join(cwd, "cache/hub"));
    expect(await refused(["cache", "clear", "bert-base-case"])).toContain("Did you mean bert-base-cased?");
    expect((await call("clear", BERT)).code).toBe(0);
    expect((await call("list")).stdout).not.toMatch(/ bert-base-cased/);
    expect((await call("clear")).code).toBe(0);
    expect(readdirSync(join(cwd, "cache/hub"))).toEqual([]);
    expect((await call("list")).stderr).toContain("nothing was fetched yet");
  });
});
