import { spawn } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const root = join(import.meta.dirname!, "../..");
const launcher = join(root, "pupil");

/** The plain tools that the script may use. None of the programs that it looks for is among them. */
const tools = ["cat", "dirname", "find", "mkdir", "mktemp", "readlink", "sed", "uname", "cp"];

/** Shows what it was called with, as one line an argument. */
const deno = (version: string) => `
if [ "$1" = --version ]; then echo "deno ${version} (stable, release, x86_64-unknown-linux-gnu)"; exit; fi
echo "pid $$"; echo "cwd $(pwd)"; echo "runtime $XDG_RUNTIME_DIR"; printf '%s\\n' "$@"; exit 7`;

const withVulkan = `echo "	libvulkan.so.1 (libc6,x86-64) => /lib/libvulkan.so.1"`;

interface Ended {
  readonly code: number | null;
  readonly pid: number | undefined;
  readonly lines: readonly string[];
  readonly stderr: string;
}

let folder: string;
let bin: string;
let project: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "pupil-launcher-")));
  bin = join(folder, "bin");
  project = join(folder, "project");
  for (const each of [bin, join(project, "cli"), join(folder, "elsewhere")]) await mkdir(each, { recursive: true });
  await copyFile(launcher, join(project, "pupil"));
  await chmod(join(project, "pupil"), 0o755);
  for (const tool of tools) await symlink(await inPath(tool), join(bin, tool));
  await program("ldconfig", withVulkan);
  await program("id", "echo 1000");
});

afterEach(() => rm(folder, { recursive: true }));

describe("the launcher", () => {
  it("hands over to the Deno of PATH in its own process, with its exit code", async () => {
    await program("deno", deno("2.9.6"));
    const { code, pid, lines, stderr } = await launch(["reu", "curves.csv", "--json"]);
    expect(code).toBe(7);
    expect(lines).toContain(`pid ${pid}`);
    expect(lines.slice(-4)).toEqual([join(project, "cli/main.ts"), "reu", "curves.csv", "--json"]);
    expect(stderr).toMatch(/^(pupil: first run: [^\n]*\n)?$/);
  });

  it("works from another folder and through symbolic links", async () => {
    await program("deno", deno("2.9.6"));
    await symlink(join(project, "pupil"), join(folder, "elsewhere/one"));
    await symlink("elsewhere/one", join(folder, "two"));
    const { lines } = await launch(["status", "runs/a b"], {
      script: join(folder, "two"),
      cwd: join(folder, "elsewhere"),
    });
    expect(lines).toContain(`cwd ${join(folder, "elsewhere")}`);
    expect(lines).toContain(join(project, "deno.json"));
    expect(lines.slice(-3)).toEqual([join(project, "cli/main.ts"), "status", "runs/a b"]);
  });

  it("brings the pinned Deno from npm where PATH has another, says so in one line, and finds it the next time", async () => {
    await program("deno", deno("2.1.0"));
    await program(
      "npm",
      `
echo "$@" > ${folder}/npm.log
for last; do :; done
mkdir -p ${project}/.tools/node_modules/@deno/linux-x64-glibc
cp ${bin}/pinned ${project}/.tools/node_modules/@deno/linux-x64-glibc/deno`,
    );
    await program("pinned", deno("2.9.6"));
    const first = await launch(["help"]);
    expect(first.code).toBe(7);
    expect(first.stderr.match(/installing Deno 2\.9\.6 into .*\.tools/g)).toHaveLength(1);
    expect(await readFile(join(folder, "npm.log"), "utf8")).toMatch(
      /--ignore-scripts .*--prefix .*\.tools deno@2\.9\.6/,
    );
    await program("npm", "exit 1");
    const second = await launch(["help"]);
    expect(second.code).toBe(7);
    expect(second.stderr).not.toContain("installing");
  });

  it("prints the line that installs Deno where there is no npm", async () => {
    const { code, lines, stderr } = await launch(["help"]);
    expect(code).toBe(1);
    expect(lines).toEqual([]);
    expect(stderr).toMatch(/^pupil: Deno 2\.9\.6 is needed[^\n]*: curl [^\n]*2\.9\.6\n$/);
  });

  it("says so where npm fails", async () => {
    await program("npm", "echo 'npm error network' >&2; exit 1");
    const { code, stderr } = await launch(["help"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/npm error network\npupil: npm could not install Deno/);
  });
});

describe("the permissions", () => {
  beforeEach(() => program("deno", deno("2.9.6")));

  const granted = async (...args: string[]) => {
    const { lines } = await launch(args);
    const main = lines.indexOf(join(project, "cli/main.ts"));
    return lines.slice(0, main).filter((line) => line.startsWith("--allow") || line === "-A").sort();
  };

  it("are to read, and no more, for what only reads", async () => {
    for (const command of ["help", "reu", "status", "unknown"]) {
      expect(await granted(command, "x")).toEqual(["--allow-read"]);
    }
  });

  const variables =
    "--allow-env=PUPIL_GPU,PUPIL_CACHE,PUPIL_MATMUL,HF_ENDPOINT,HF_TOKEN,HF_HUB_OFFLINE,LOG_TOKENS,LOG_STREAM";
  const hub = "huggingface.co,*.huggingface.co,*.hf.co";

  it("add the run folder, wherever --out stands, and the hub", async () => {
    const cache = join(folder, ".cache/pupil");
    const writing = (out: string) => [variables, `--allow-net=${hub}`, "--allow-read", `--allow-write=${out},${cache}`];
    expect(await granted("run", "plan.yaml")).toEqual(writing("runs"));
    expect(await granted("run", "plan.yaml", "--out", "a b")).toEqual(writing("a b"));
    expect(await granted("run", "--out=x/y", "plan.yaml")).toEqual(writing("x/y"));
  });

  it("ask no hub for the demo", async () => {
    const cache = join(folder, ".cache/pupil");
    expect(await granted("demo")).toEqual([variables, "--allow-read", `--allow-write=runs,${cache}`]);
  });

  it.each([
    ["https://hf-mirror.com", "hf-mirror.com"],
    ["http://127.0.0.1:8080/hub", "127.0.0.1"],
    ["http://[::1]:80", "[::1]"],
  ])("name the host of HF_ENDPOINT=%s", async (endpoint, host) => {
    const { lines } = await launch(["run", "plan.yaml"], { env: { HF_ENDPOINT: endpoint } });
    expect(lines).toContain(`--allow-net=${hub},${host}`);
  });

  it("refuse an HF_ENDPOINT that is no address", async () => {
    const { code, stderr } = await launch(["run", "plan.yaml"], { env: { HF_ENDPOINT: "https://a,b" } });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("HF_ENDPOINT=https://a,b: expected") });
  });

  it("are to write to the cache alone, for what clears it", async () => {
    const cache = join(folder, ".cache/pupil");
    expect(await granted("cache", "clear")).toEqual([
      "--allow-env=PUPIL_CACHE",
      "--allow-read",
      `--allow-write=${cache}`,
    ]);
  });

  it("add the folder of what is drawn", async () => {
    await mkdir(join(project, "run"));
    await writeFile(join(project, "run/curves.csv"), "");
    expect(await granted("report", "run")).toEqual(["--allow-read", "--allow-write=run"]);
    expect(await granted("plot", "run", "-o", "pictures/a.svg")).toEqual([
      "--allow-read",
      "--allow-write=pictures,run",
    ]);
    expect(await granted("plot", "run/curves.csv", "--metric", "f1")).toEqual(["--allow-read", "--allow-write=run"]);
  });

  it("add the variables that choose a driver, for the doctor", async () => {
    const env = "--allow-env=PUPIL_GPU,VK_DRIVER_FILES,VK_ICD_FILENAMES";
    expect(await granted("doctor")).toEqual([env, "--allow-read"]);
  });

  it("add python3 for the bench of training alone, where it has PyTorch", async () => {
    const plain = ["--allow-env=PUPIL_GPU,PUPIL_MATMUL", "--allow-read"];
    expect(await granted("bench", "train")).toEqual(plain);
    await program("python3", "exit 1");
    expect(await granted("bench", "train")).toEqual(plain);
    await program("python3", "exit 0");
    expect(await granted("bench", "train", "2x128")).toEqual([...plain, "--allow-run=python3"]);
    expect(await granted("bench", "score")).toEqual(plain);
    expect(await granted("bench", "kernels", "train")).toEqual(plain);
  });

  it("are everything for the tests alone", async () => {
    expect(await granted("test")).toEqual(["--allow-all"]);
  });

  it("cannot be given for a folder with a comma, which would be two", async () => {
    const { code, lines, stderr } = await launch(["run", "plan.yaml", "--out", "a,/etc"]);
    expect([code, lines]).toEqual([2, []]);
    expect(stderr).toMatch(/^pupil: a,\/etc: .*comma/m);
  });
});

describe("the page", () => {
  const sources = ["web/main.ts", "src/engine.ts", "kernels/a.wgsl", "configs/a.yaml", "data/a.json", "models/a.json"];
  const [older, built, newer] = [1000, 2000, 3000];

  /** Finds nothing wrong with options. Exits with `code` where it is to build the page, and writes there what it was called with. */
  const builder = (code: number) =>
    `case "$*" in *check_options.ts*) exit ;; *build_page.ts) printf '%s\\n' "$@" > ${folder}/build.log; exit ${code} ;; esac\n${
      deno("2.9.6")
    }`;
  const builtWith = () => readFile(join(folder, "build.log"), "utf8").catch(() => undefined);
  const put = async (path: string, seconds: number) => {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), "");
    await date(path, seconds);
  };
  const date = (path: string, seconds: number) => utimes(join(project, path), seconds, seconds);

  beforeEach(async () => {
    await program("deno", builder(0));
    for (const path of [...sources, "deno.json", "deno.lock"]) await put(path, older);
    for (const path of sources) await date(dirname(path), older);
    await put("web/dist/index.html", built);
  });

  it("is served with the permissions to read it and to listen, and is not built where it is up to date", async () => {
    const { code, lines, stderr } = await launch(["serve", "--port", "8000"]);
    expect(code).toBe(7);
    expect(await builtWith()).toBeUndefined();
    expect(stderr).not.toContain("building");
    expect(lines.filter((line) => line.startsWith("--allow"))).toEqual([
      "--allow-net=127.0.0.1",
      `--allow-read=${["cli", "src", "web/dist"].map((path) => join(project, path)).join(",")}`,
    ]);
    expect(lines.slice(-3)).toEqual(["serve", "--port", "8000"]);
  });

  it("is built first where it is missing, with no permission to run or to fetch anything", async () => {
    await rm(join(project, "web/dist"), { recursive: true });
    const { code, stderr } = await launch(["serve"]);
    expect(code).toBe(7);
    expect(stderr).toMatch(/first run: [^\n]*build tools[^\n]*\npupil: building the page into web\/dist\n/);
    const args = (await builtWith())!.split("\n").filter((line) => line.startsWith("--allow"));
    expect(args).toEqual([
      ...["--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"],
      `--allow-write=${join(project, "web/dist")},${join(project, "node_modules")}`,
    ]);
  });

  it.each([...sources, "deno.lock"])("is built again after a change of %s", async (path) => {
    await date(path, newer);
    await launch(["serve"]);
    expect(await builtWith()).toBeDefined();
  });

  it("is built again where a file of its sources is gone", async () => {
    await rm(join(project, "src/engine.ts"));
    await launch(["serve"]);
    expect(await builtWith()).toBeDefined();
  });

  it("is not built to show the help", async () => {
    await rm(join(project, "web/dist"), { recursive: true });
    await launch(["serve", "--help"]);
    expect(await builtWith()).toBeUndefined();
  });

  it("is neither fetched for nor built where the options are refused", async () => {
    await rm(join(project, "web/dist"), { recursive: true });
    const refusal = `case "$*" in *check_options.ts*) echo "pupil: unknown flag" >&2; exit 2 ;; esac`;
    await program("deno", `${refusal}\n${builder(0)}`);
    const { code, lines, stderr } = await launch(["serve", "--prot", "8000"]);
    expect([code, lines]).toEqual([2, []]);
    expect(stderr).toMatch(/pupil: unknown flag\n$/);
    expect(stderr).not.toContain("build");
    expect(await builtWith()).toBeUndefined();
  });

  it("is not served where the build failed", async () => {
    await date("web/main.ts", newer);
    await program("deno", builder(1));
    const { code, lines, stderr } = await launch(["serve"]);
    expect([code, lines]).toEqual([1, []]);
    expect(stderr).toMatch(/pupil: the page could not be built[^\n]*\n$/);
  });

  it.each([[["--host", "0.0.0.0"]], [["--host=0.0.0.0"]]])("is served at the address of %s alone", async (args) => {
    expect((await launch(["serve", ...args])).lines).toContain("--allow-net=0.0.0.0");
  });

  it("is served at an address of IPv6", async () => {
    expect((await launch(["serve", "--host", "::1"])).lines).toContain("--allow-net=[::1]");
  });

  it.each(["127.0.0.1,example.org", "a b", "", "::1,[::2]"])(
    "is not served at '%s', which is no address",
    async (host) => {
      const { code, lines, stderr } = await launch(["serve", "--host", host]);
      expect([code, lines]).toEqual([2, []]);
      expect(stderr).toMatch(/^pupil: --host .*expected an address/);
    },
  );
});

describe.runIf(Deno.build.os === "linux")("the Vulkan driver", () => {
  beforeEach(() => program("deno", deno("2.9.6")));

  it("is installed by root, where it lacks, for what needs a GPU", async () => {
    await program("ldconfig", "echo nothing");
    await program("id", "echo 0");
    await program("apt-get", `echo "$@" >> ${folder}/apt.log`);
    const { code, stderr } = await launch(["demo"]);
    expect(code).toBe(7);
    expect(stderr).toContain("pupil: installing libvulkan1 mesa-vulkan-drivers with apt-get\n");
    expect(await readFile(join(folder, "apt.log"), "utf8")).toMatch(/^install .*libvulkan1 mesa-vulkan-drivers\n$/);
    await rm(join(folder, "apt.log"));
    await launch(["reu", "x"]);
    await launch(["demo", "--help"]);
    await expect(readFile(join(folder, "apt.log"))).rejects.toThrow();
  });

  it("is asked for after an update where the lists of packages are old", async () => {
    await program("ldconfig", "echo nothing");
    await program("id", "echo 0");
    await program(
      "apt-get",
      `echo "$1" >> ${folder}/apt.log; [ "$1" = update ] || [ -e ${folder}/updated ] || { : > ${folder}/updated; exit 100; }`,
    );
    expect((await launch(["demo"])).stderr).not.toContain("no Vulkan driver");
    expect(await readFile(join(folder, "apt.log"), "utf8")).toBe("install\nupdate\ninstall\n");
  });

  it("is named to others, and the command goes on", async () => {
    await program("ldconfig", "echo nothing");
    const { code, stderr } = await launch(["run", "plan.yaml"]);
    expect(code).toBe(7);
    expect(stderr).toContain("On Debian: apt-get install mesa-vulkan-drivers libvulkan1\n");
    expect((await launch(["reu", "x"])).stderr).not.toContain("Vulkan");
    expect((await launch(["bench", "tokenizers"])).stderr).not.toContain("Vulkan");
    expect((await launch(["bench", "kernels"])).stderr).toContain("Vulkan");
  });

  it("finds a private folder where XDG_RUNTIME_DIR is unset, and takes the one that is set", async () => {
    const unset = await launch(["demo"], { env: { TMPDIR: folder } });
    expect(unset.lines).toContain(`runtime ${folder}/pupil-runtime-1000`);
    const set = await launch(["demo"], { env: { XDG_RUNTIME_DIR: "/run/user/1" } });
    expect(set.lines).toContain("runtime /run/user/1");
  });
});

describe("the whole command line, with the real Deno,", () => {
  const real = (args: readonly string[]) => launch(args, { script: launcher, env: Deno.env.toObject(), cwd: folder });

  it("runs from another folder", async () => {
    const { code, lines } = await real([]);
    expect(code).toBe(0);
    expect(lines[0]).toBe("Usage: pupil COMMAND [ARGUMENTS]");
    const wrong = await real(["statsu"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/pupil: unknown command 'statsu'\. Did you mean status\?\n$/);
  });

  it("reads and draws curves with the permissions it is given", async () => {
    const curves = [
      "dataset,successor,acquisition,relation,al_type,strategy,seed,metric,score_0,score_1",
      "mail,bert,bert,random,one,random,0,accuracy,0.1,0.2",
      "mail,bert,bert,self,one,lc,0,accuracy,0.1,0.4",
      "mail,bert,tiny,distilled,asm,lc,0,accuracy,0.1,0.3",
    ];
    await writeFile(join(folder, "curves.csv"), curves.join("\n"));
    const plot = await real(["plot", "curves.csv", "-o", "new folder/curves.svg"]);
    expect([plot.code, plot.lines]).toEqual([0, ["new folder/curves.svg"]]);
    expect(await readFile(join(folder, "new folder/curves.svg"), "utf8")).toContain("<svg");
    const reu = await real(["reu", "curves.csv", "--json"]);
    expect(reu.code).toBe(0);
    expect(JSON.parse(reu.lines.join("\n"))[0].reu).toBeCloseTo(-0.5);
  });
});

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

async function inPath(tool: string): Promise<string> {
  for (const each of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    const path = join(each, tool);
    if (await realpath(path).then(() => true, () => false)) return path;
  }
  throw new Error(`the launcher's tests need ${tool}`);
}

interface Setting {
  readonly script?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function launch(
  args: readonly string[],
  { script = join(project, "pupil"), cwd = project, env = {} }: Setting = {},
): Promise<Ended> {
  const child = spawn(script, args, { cwd, env: { HOME: folder, PATH: bin, TMPDIR: folder, ...env } });
  const ended = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => ended.stdout += chunk);
  child.stderr.on("data", (chunk) => ended.stderr += chunk);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const lines = ended.stdout.split("\n").filter((line) => line !== "");
      resolve({ code, pid: child.pid, lines, stderr: ended.stderr });
    });
  });
}
