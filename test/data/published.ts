import type { DataConfig } from "../../src/config/schema.ts";

/** The config of a data set that is known by its name. */
export function published(dataset_name: string, changes: Partial<DataConfig> = {}): DataConfig {
  return {
    dataset_name,
    path: null,
    train: null,
    test: null,
    test_fraction: null,
    validation: 0,
    text_name: "text",
    label_name: "label",
    id_name: "id",
    ...changes,
  };
}
