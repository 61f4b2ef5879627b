import { scoring } from "../../bench/models/scoring.ts";
import { modelBench } from "./models.ts";

export const score = modelBench(scoring);
