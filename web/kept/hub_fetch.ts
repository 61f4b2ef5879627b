import { proxy, type Remote, wrap } from "comlink";
import { messageOf } from "../../src/errors.ts";
import type { FetchProgress } from "../../src/hub/snapshot.ts";
import type { Library } from "../engine/api.ts";
import type { FetchNews, ModelFetcher } from "../hub/model_fetcher.ts";

/** A model that is being fetched, or was. */
export interface FetchState {
  readonly name: string;
  readonly phase: "asking" | "fetching" | "done" | "cancelled" | "failed";
  readonly progress?: FetchProgress;
  /** Milliseconds that are left, as it goes. */
  readonly left?: number;
  /** Why nothing comes at this moment. */
  readonly waiting?: string;
  readonly error?: string;
}

/**
 * Fetches one model of the hub at a time, by a Worker of its own, which is there only as long. Fires `change`. It goes on while the person
 * looks at something else on the page.
 */
export class HubFetch extends EventTarget {
  state: FetchState | undefined;
  #stop: (() => void) | undefined;

  get isGoing(): boolean {
    return this.#stop !== undefined;
  }

  /** @param library where the model's kind is judged before the most of it comes */
  async start(name: string, revision: string, library: Remote<Library>): Promise<void> {
    if (this.#stop) return;
    const worker = new Worker(new URL("../hub/fetch_worker.ts", import.meta.url), { type: "module", name: "fetch" });
    const broken = new Promise<never>((_, reject) => {
      worker.addEventListener(
        "error",
        ({ message }) => reject(new Error(message || "the Worker that fetches is gone")),
      );
    });
    const fetcher = wrap<ModelFetcher>(worker);
    let isCancelled = false;
    this.#stop = () => {
      isCancelled = true;
      void fetcher.cancel();
    };
    this.#tell({ name, phase: "asking" });
    const began: { at?: number; bytes?: number } = {};
    const watch = proxy((news: FetchNews) => this.#hear(name, news, began));
    const orBroken = <T>(work: Promise<T>) => Promise.race([work, broken]);
    try {
      await orBroken(fetcher.look(name, revision, watch));
      await library.checkHubModel(name, revision);
      if (!isCancelled) await orBroken(fetcher.fetch(name, revision, watch));
      this.#end({ name, phase: isCancelled ? "cancelled" : "done" });
    } catch (thrown) {
      this.#end(isCancelled ? { name, phase: "cancelled" } : { name, phase: "failed", error: messageOf(thrown) });
    } finally {
      worker.terminate();
    }
  }

  /** How the last fetch has ended, for the first who asks. */
  takeEnd(): FetchState | undefined {
    if (this.#stop) return undefined;
    const { state } = this;
    this.state = undefined;
    return state;
  }

  /** What has come is kept for the next try. */
  cancel(): void {
    this.#stop?.();
  }

  #hear(name: string, news: FetchNews, began: { at?: number; bytes?: number }): void {
    if (!this.#stop) return;
    if ("waiting" in news) return this.#tell({ ...this.state, name, phase: "fetching", waiting: news.waiting });
    const { progress } = news;
    const { bytes, total } = progress;
    began.at ??= performance.now();
    began.bytes ??= bytes;
    const come = bytes - began.bytes;
    const left = come > 0 ? (performance.now() - began.at) / come * (total - bytes) : undefined;
    this.#tell({ name, phase: "fetching", progress, ...(left === undefined ? {} : { left }) });
  }

  #end(state: FetchState): void {
    this.#stop = undefined;
    this.#tell(state);
  }

  #tell(state: FetchState): void {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
