import type { Plugin } from "vite";

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
