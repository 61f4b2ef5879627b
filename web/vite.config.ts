import { defineConfig } from "vite";
import { browserBuilds } from "./build/browser_builds.ts";
import { leanTfjs } from "./build/lean_tfjs.ts";
import { leanWgsl } from "./build/lean_wgsl.ts";
import { Licences } from "./build/licences.ts";
import { offline } from "./build/offline.ts";
import { packageFolders, withProjectFiles } from "./build/project_files.ts";
import { reportSizes } from "./build/sizes.ts";
import { wgsl } from "./build/text_imports.ts";

const root = import.meta.dirname!;

const licences = new Licences(packageFolders);
/** The notes of five hundred files would be a tenth of the code; {@link Licences} gives each once, in a file of its own. */
const comments = { legal: false };

/** The page, built into `web/dist`: a folder that any static host can serve, from any path of its own. */
export default defineConfig({
  root,
  base: "./",
  cacheDir: `${root}/../node_modules/.vite/page`,
  plugins: [wgsl(), withProjectFiles(), licences.write(), offline(), reportSizes()],
  resolve: { alias: browserBuilds },
  worker: {
    format: "es",
    plugins: () => [leanWgsl(), wgsl(), leanTfjs(), licences.note()],
    rolldownOptions: { output: { comments } },
  },
  build: {
    target: "es2024",
    outDir: "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { index: `${root}/index.html`, service_worker: `${root}/offline/service_worker.ts` },
      output: {
        comments,
        entryFileNames: ({ name }) => (name === "service_worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
});
