import { Registry } from "../../src/registry.ts";

/** A config of the project's own that the demo can run. */
export interface DemoConfig {
  /** Of the successor. */
  readonly name: string;
  /** Below `configs/`, without its ending. */
  readonly config: string;
}

/** The successors of the demo, the usual one first. */
export const demoConfigs = new Registry<DemoConfig>("model of the demo", [
  { name: "encoder-64", config: "demo" },
  { name: "use-lite-en", config: "demo_use_lite" },
]);
