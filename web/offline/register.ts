/**
 * - `storing`: the first copy is being made
 * - `stored`: the page opens without a network
 * - `update`: it does, and a newer version is stored too and waits
 * - `failed`: no copy could be made; the page works, but not without a network
 */
export type OfflineState = "storing" | "stored" | "update" | "failed";

/** The copy of the page in this browser. */
export interface OfflineCopy {
  readonly state: OfflineState;
  /** Tells of each change of state. The result ends that. */
  subscribe(listener: (state: OfflineState) => void): () => void;
  /**
   * Where a newer version waits: reloads the page on it. False where that cannot be, since another tab or window still runs this
   * version.
   */
  update(): Promise<boolean>;
}

/**
 * Has the browser keep a copy of the page that works offline. The files of a running page never change: a newer version waits until
 * {@link OfflineCopy.update}, or until all tabs of this one are closed.
 *
 * Undefined where the browser or the host allows no such copy.
 */
export async function registerOffline(): Promise<OfflineCopy | undefined> {
  if (!("serviceWorker" in navigator)) return undefined;
  try {
    const script = new URL("service_worker.js", document.baseURI);
    return await Registered.of(await navigator.serviceWorker.register(script, { updateViaCache: "none" }));
  } catch {
    return undefined;
  }
}

class Registered implements OfflineCopy {
  state: OfflineState = "storing";
  readonly #registration: ServiceWorkerRegistration;
  readonly #listeners = new Set<(state: OfflineState) => void>();

  private constructor(registration: ServiceWorkerRegistration) {
    this.#registration = registration;
  }

  static async of(registration: ServiceWorkerRegistration): Promise<Registered> {
    const copy = new Registered(registration);
    copy.#watch(registration.installing);
    registration.addEventListener("updatefound", () => copy.#watch(registration.installing));
    await copy.#changed();
    return copy;
  }

  subscribe(listener: (state: OfflineState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async update(): Promise<boolean> {
    const { waiting } = this.#registration;
    if (!waiting || !await takesOver(waiting)) return false;
    location.reload();
    return true;
  }

  #watch(worker: ServiceWorker | null): void {
    worker?.addEventListener("statechange", () => void this.#changed());
  }

  async #changed(): Promise<void> {
    const now = await this.#stateNow();
    if (now === this.state) return;
    this.state = now;
    for (const listener of this.#listeners) listener(now);
  }

  async #stateNow(): Promise<OfflineState> {
    const { installing, waiting, active, scope } = this.#registration;
    // A first version passes through waiting too, on its way to active.
    if (!active) return installing || waiting ? "storing" : "failed";
    // One that took over goes on waiting, but has dropped the files of the one before.
    return waiting && !installing && await versionsStored(scope) > 1 ? "update" : "stored";
  }
}

/** Whether a version that waits takes over, as it does where no other page is in its way. A browser may lose a message while it starts the version. */
async function takesOver(waiting: ServiceWorker): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const answer = await Promise.race([ask(waiting), passed(3000)]);
    if (answer !== undefined) return answer;
  }
  return false;
}

function ask(waiting: ServiceWorker): Promise<boolean> {
  return new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      answered(data === true);
    };
    waiting.postMessage("take over", [port2]);
  });
}

function passed(milliseconds: number): Promise<undefined> {
  return new Promise((over) => setTimeout(() => over(undefined), milliseconds));
}

/** How many versions have files here, by the names that `service_worker.ts` gives. */
async function versionsStored(scope: string): Promise<number> {
  return (await caches.keys()).filter((name) => name.startsWith(`pupil ${scope} `)).length;
}
