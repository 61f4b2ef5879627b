import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";
import { chromiumOptions } from "./test/host/chromium.ts";

/** `import code from "./x.wgsl" with { type: "text" }`, which Deno has natively. */
export function wgsl(): Plugin {
  return {
    name: "wgsl-as-text",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".wgsl")) return;
      return { code: `export default ${JSON.stringify(code)};`, map: null, moduleType: "js" };
    },
  };
}

/** Packages whose usual build needs `Buffer`; their build for browsers does not run in Deno. */
export const browserBuilds = { "csv-parse/sync": "csv-parse/browser/esm/sync" };

/** Bundled before the first test: a package that is met in mid-run makes Vite reload the page, and the tests with it. */
const bundledFirst = [
  "@huggingface/tokenizers",
  "@noble/hashes/sha2.js",
  "@noble/hashes/utils.js",
  "@tensorflow/tfjs-backend-webgpu",
  "@tensorflow/tfjs-core",
  "csv-parse/browser/esm/sync",
  "d3-array",
  "d3-scale",
  "d3-shape",
  "fast-check",
  "fastest-levenshtein",
  "pure-rand/generator/xoroshiro128plus",
  "valibot",
  "yaml",
];

/** Every test runs under Deno (Naga, wgpu); those named `*.gpu.test.ts` run a second time in Chromium (Tint, Dawn). */
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
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [wgsl()],
        resolve: { alias: browserBuilds },
        optimizeDeps: { include: bundledFirst },
        test: {
          name: "chromium",
          include: ["test/**/*.gpu.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromiumOptions }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
    ],
  },
});
