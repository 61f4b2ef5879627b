/** The words of what fetches models of the hub. */
export interface HubWords {
  readonly title: string;
  /** What it asks, whom, and what it does not. */
  readonly intro: string;
  readonly name: string;
  readonly revision: string;
  readonly fetch: string;
  readonly asking: (name: string) => string;
  readonly fetching: (name: string) => string;
  readonly progress: (bytes: string, total: string, milliseconds: number | undefined) => string;
  readonly cancelled: (name: string) => string;
  /** Beside a model that is not whole. */
  readonly unfinished: string;
}
