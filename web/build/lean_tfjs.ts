import type { Plugin } from "vite";

/** The stock kernels that the page's operations run. A build of a page that runs another fails and names it. */
const USED: ReadonlySet<string> = new Set([
  ...[
    "Identity",
    "Cast",
    "Reshape",
    "ExpandDims",
    "Fill",
    "OnesLike",
    "ZerosLike",
    "Complex",
    "ComplexAbs",
    "Real",
    "Imag",
  ],
  ...["Add", "Sub", "Multiply", "RealDiv", "FloorDiv", "Maximum", "Minimum", "Pow", "BatchMatMul", "_FusedMatMul"],
  ...["Equal", "Greater", "GreaterEqual", "LessEqual", "Select"],
  ...[
    "Abs",
    "Elu",
    "Erf",
    "Exp",
    "LeakyRelu",
    "Log",
    "Neg",
    "Prelu",
    "Relu",
    "Relu6",
    "Rsqrt",
    "Sigmoid",
    "Sqrt",
    "Square",
  ],
  ...["Step", "Tanh"],
  ...["ArgMax", "Max", "Mean", "Sum", "TopK", "UnsortedSegmentSum"],
  ...["Concat", "GatherV2", "OneHot", "Pack", "PadV2", "Slice", "Tile", "Transpose"],
]);

/** Stock kernels that the wasm backend lacks, or that `src/tfjs/wasm_kernels.ts` brings it. */
const NOT_ON_WASM: ReadonlySet<string> = new Set(["Complex", "ComplexAbs", "Imag", "Real", "UnsortedSegmentSum"]);

/**
 * TensorFlow.js without what the page cannot reach. Its backends register all of their kernels as they are loaded; that for WebGPU takes
 * functions of the CPU backend off a namespace, that for wasm brings a threaded build, which the page's policy forbids; the core registers
 * optimisers, and ways to store models, as it is loaded. No bundler may leave any of that out by itself.
 */
export function leanTfjs(): Plugin {
  return {
    name: "lean-tfjs",
    transform(code, id) {
      if (id.endsWith("tfjs-backend-webgpu/dist/register_all_kernels.js")) return changed(withoutKernels(code, USED));
      if (id.endsWith("tfjs-backend-wasm/dist/register_all_kernels.js")) {
        return changed(withoutKernels(code, USED.difference(NOT_ON_WASM)));
      }
      if (/tfjs-backend-wasm\/wasm-out\/tfjs-backend-wasm-threaded-simd(\.worker)?\.js$/.test(id)) {
        return changed("export default undefined; export const wasmWorkerContents = '';");
      }
      if (id.endsWith("tfjs-backend-webgpu/dist/kernel_utils/shared.js")) return changed(namedImports(code));
      if (id.endsWith("tfjs-core/dist/index.js")) return changed(without(code, "registerOptimizers();"));
      if (id.endsWith("tfjs-core/dist/platforms/platform_browser.js")) return changed(storeless(code));
      if (/tfjs-core\/dist\/io\/\w+\.js$/.test(id)) return { moduleSideEffects: false };
    },
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
          if (!id.includes("/tfjs-core/dist/") || renderedLength === 0) continue;
          const missing = kernelsRunBy(this.getModuleInfo(id)?.code ?? "").find((name) => !USED.has(name));
          if (missing) {
            this.error(`the page runs the stock kernel ${missing} (${id}): add it to web/build/lean_tfjs.ts`);
          }
        }
      }
    },
  };
}

function changed(code: string) {
  return { code, map: null };
}

function withoutKernels(code: string, used: ReadonlySet<string>): string {
  const imported = /^import \{ (\w+) \} from '\.\/kernels\/(\w+)';$/gm;
  const names = new Map([...code.matchAll(imported)].map(([, name, kernel]) => [name!, kernel!]));
  const known = new Set(names.values());
  const gone = [...used].filter((kernel) => !known.has(kernel));
  if (gone.length > 0) throw new Error(`TensorFlow.js has no kernel ${gone.join(", ")}`);
  const keep = (line: string, name: string) => (used.has(names.get(name) ?? "") ? line : "");
  return code.replace(imported, keep).replace(/^ {4}(\w+),?$/gm, keep);
}

/** `const { addImpl: addImplCPU, ... } = shared` over a namespace, as imports by name. */
function namedImports(code: string): string {
  const taken = /import \* as shared from ('[^']+');\s*const \{([^}]+)\} = shared;/;
  if (!taken.test(code)) throw new Error("TensorFlow.js no longer takes the CPU backend's functions as expected");
  return code.replace(taken, (_all, from, names) => `import {${names.replaceAll(":", " as")}} from ${from};`);
}

/** Without what stores models in the browser. */
function storeless(code: string): string {
  return ["BrowserLocalStorage", "BrowserIndexedDB"].reduce(
    (rest, store) =>
      without(rest, `ModelStoreManagerRegistry.registerManager(${store}.URL_SCHEME, new ${store}Manager());`),
    code,
  );
}

function without(code: string, statement: string): string {
  if (!code.includes(statement)) throw new Error(`TensorFlow.js no longer says ${statement}`);
  return code.replace(statement, "");
}

/** The kernels that a file of the core runs by name. */
function kernelsRunBy(code: string): string[] {
  const imported = /import \{([^}]+)\} from ["'][./]+kernel_names["']/.exec(code)?.[1] ?? "";
  const names = imported.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return [...names, ...[...code.matchAll(/runKernel\(["'](\w+)["']/g)].map(([, name]) => name!)];
}
