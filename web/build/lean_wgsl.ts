import type { Plugin } from "vite";

/** WGSL without its comments and indentation. Lines stay where they are, so that a compiler's message still names the right one. */
export function leanWgsl(): Plugin {
  return {
    name: "lean-wgsl",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".wgsl")) return;
      return { code: code.replace(/[ \t]*\/\/.*$/gm, "").replace(/^[ \t]+/gm, ""), map: null };
    },
  };
}
