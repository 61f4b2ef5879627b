import { Registry } from "../registry.ts";
import { algorithm1 } from "./step_rules/algorithm1.ts";
import { fixed } from "./step_rules/fixed.ts";
import type { StepRule } from "./step_rules/step_rule.ts";
import { toolbox } from "./step_rules/toolbox.ts";

/** The step rules, by the name that `training.step_rule` takes. */
export const stepRules = new Registry<StepRule>("step rule", [algorithm1, toolbox, fixed]);
