import { Registry } from "../../src/registry.ts";
import type { ModelShape } from "./model_shape.ts";

/** A model that trains in minutes on a CPU, one between, and DistilBERT's sizes. */
export const modelShapes = new Registry<ModelShape>("shape", [
  { name: "2x128", layers: 2, hidden: 128, heads: 2, length: 32, batch: 16, vocabulary: 8000 },
  { name: "4x256", layers: 4, hidden: 256, heads: 4, length: 32, batch: 16, vocabulary: 4000 },
  { name: "6x768", layers: 6, hidden: 768, heads: 12, length: 64, batch: 8, vocabulary: 30522 },
]);
