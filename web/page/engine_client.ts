import { proxy, type Remote, wrap } from "comlink";
import type { Computer, Engine, LabState } from "../engine/api.ts";

/** What the Worker shows. */
export interface EngineHost {
  /** `base`: the page's address, from which its files are found; a Worker's own address is its script's. */
  open(base: string): Promise<Engine>;
}

/** The engine in its Worker. One that has failed for good, as by a lost device, is put away whole and another started. */
export interface EngineClient {
  readonly engine: Remote<Engine>;
  readonly computer: Computer;
  close(): void;
}

/** Starts the engine; `watch` is told of every state of the lab. @throws Error with a message for a person */
export async function startEngine(
  wish: "automatic" | "webgpu" | "wasm",
  watch: (state: LabState) => void,
): Promise<EngineClient> {
  const worker = new Worker(new URL("../engine/worker.ts", import.meta.url), { type: "module", name: "engine" });
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener(
      "error",
      (event) => reject(new Error(event.message || "the engine's Worker did not start")),
    );
  });
  const host = wrap<EngineHost>(worker);
  const engine = await Promise.race([host.open(document.baseURI), broken]) as unknown as Remote<Engine>;
  const computer = await Promise.race([engine.start(wish, proxy(watch)), broken]);
  return { engine, computer, close: () => worker.terminate() };
}
