import { Registry } from "../registry.ts";
import { classification } from "./classification.ts";
import type { Task } from "./task.ts";

/** The tasks, by the name that a plan's `task` takes. */
export const tasks = new Registry<Task>("task", [classification], ["tagging", "seq2seq"]);
