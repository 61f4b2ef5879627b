import { playwright } from "@vitest/browser-playwright";
import { configDefaults, defineConfig } from "vitest/config";
import { chromiumOptions } from "./test/host/chromium.ts";
import { browserBuilds } from "./web/build/browser_builds.ts";
import { withProjectFiles } from "./web/build/project_files.ts";
import { wgsl } from "./web/build/text_imports.ts";

/** Bundled before the first test: a package that is met in mid-run makes Vite reload the page, and the tests with it. */
const bundledFirst = [
  "@huggingface/tokenizers",
  "@noble/hashes/legacy.js",
  "@noble/hashes/sha2.js",
  "@noble/hashes/utils.js",
  "@tensorflow/tfjs-backend-wasm",
  "@tensorflow/tfjs-backend-webgpu",
  "@tensorflow/tfjs-core",
  "axe-core",
  "comlink",
  "csv-parse/browser/esm/sync",
  "d3-array",
  "d3-scale",
  "d3-shape",
  "fast-check",
  "fastest-levenshtein",
  "fflate",
  "lit",
  "lit/directives/class-map.js",
  "lit/directives/live.js",
  "lit/directives/ref.js",
  "lit/directives/repeat.js",
  "lit/directives/style-map.js",
  "pure-rand/generator/xoroshiro128plus",
  "valibot",
  "yaml",
];

/** The built page in a browser of its own. */
const wholePageTests = ["test/web/page/**/*.test.ts", "test/web/offline.test.ts"];
/** Of these, how soon the page answers and a new version takes over, which a test beside them would change. */
const lonelyTests = ["test/web/page/answers.test.ts", "test/web/offline.test.ts"];

/** What a GPU computes. */
const gpuTests = ["test/**/*.gpu.test.ts"];
/** About half of what runs in Chromium, by time. */
const kernelsAndModels = ["test/{gpu,kernels,models,training,web}/**/*.gpu.test.ts", "test/**/*.page.test.ts"];

/** Components of the page, which need a document. */
const pageTests = "test/**/*.page.test.ts";

/**
 * Every test but those of components runs under Deno (Naga, wgpu), those of the whole page last. Those named `*.gpu.test.ts` run a second
 * time in Chromium (Tint, Dawn), and components, `*.page.test.ts`, there alone.
 */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [wgsl()],
        test: {
          name: "deno",
          pool: "forks",
          environment: "node",
          // More than there are cores: Deno looks for finished GPU work every ten milliseconds, so a worker mostly waits.
          maxWorkers: 4,
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, pageTests, ...wholePageTests],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [wgsl()],
        test: {
          name: "page",
          pool: "forks",
          environment: "node",
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          include: wholePageTests,
          exclude: [...configDefaults.exclude, pageTests, ...lonelyTests],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [wgsl()],
        test: {
          name: "alone",
          pool: "forks",
          environment: "node",
          sequence: { groupOrder: 2 },
          maxWorkers: 1,
          include: lonelyTests,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // A test that runs the page's engine fetches what it reads.
        plugins: [wgsl(), withProjectFiles()],
        resolve: { alias: browserBuilds },
        optimizeDeps: { include: bundledFirst },
        test: {
          name: "chromium",
          // One for each browser below.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumOptions }),
            // Two browsers, since most of the work of one is done by a single thread of its GPU process.
            instances: [
              {
                browser: "chromium",
                name: "chromium-tfjs",
                include: gpuTests,
                exclude: [...configDefaults.exclude, ...kernelsAndModels],
              },
              { browser: "chromium", name: "chromium-kernels", include: kernelsAndModels },
            ],
          },
        },
      },
    ],
  },
});
