import { expose, proxy } from "comlink";
import { FetchedFiles } from "../host/fetched_files.ts";
import { OpfsFiles } from "../host/opfs_files.ts";
import { pageClock } from "../host/page_clock.ts";
import { LabEngine } from "./lab_engine.ts";

/** The largest file that a first visit reads. It comes while the computer is being opened. */
const USUAL_DATA = "data/mail.jsonl.gz";

async function open(base: string): Promise<LabEngine> {
  const at = (path: string) => new URL(path, base);
  const assets = new FetchedFiles(at("project/"));
  assets.fetchAhead(USUAL_DATA);
  return new LabEngine({
    root: await OpfsFiles.open(),
    assets,
    clock: pageClock,
    wasm: { plain: at("wasm/tfjs-backend-wasm.wasm").href, simd: at("wasm/tfjs-backend-wasm-simd.wasm").href },
    versions: { pupil: "0.1.0" },
  });
}

expose({ open: async (base: string) => proxy(await open(base)) });
