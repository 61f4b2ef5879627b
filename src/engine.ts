/** The engine: everything that the CLI and the page share. */
export { resolvePlan } from "./config/plan.ts";
export { execute } from "./experiment/execute.ts";
export { prepare } from "./experiment/prepare.ts";
