import { writeText } from "../../src/host.ts";
import { bag } from "../../src/models/architectures/bag.ts";
import { initialValues } from "../../src/models/initialize.ts";
import { writeSafetensors } from "../../src/models/safetensors/safetensors.ts";
import type { MemoryFiles } from "../host/memory_files.ts";
import { tinyTokenizer } from "../text/tiny_tokenizer.ts";
import { topicWords } from "./stub_plan.ts";

/** The folder of the small model. */
export const smallModel = "./small";

/** A checkpoint whose tokenizer knows the words of the data. */
export async function writeSmallModel(userFiles: MemoryFiles): Promise<void> {
  const tokenizer = tinyTokenizer(topicWords);
  const config = {
    model_type: "bag",
    vocab_size: Object.keys(tokenizer.model.vocab).length,
    embedding_size: 8,
    hidden_size: 16,
    dropout_prob: 0.1,
    embedding_initializer_range: 0.3,
  };
  const parameters = bag.backbone(bag.parseConfig(config, "config.json"));
  const values = initialValues(parameters, 7, "small");
  const weights = parameters.map(({ name, shape }) => [name, { shape, values: values.get(name)! }] as const);
  await writeText(userFiles, `${smallModel}/config.json`, JSON.stringify(config));
  await writeText(userFiles, `${smallModel}/tokenizer.json`, JSON.stringify(tokenizer));
  await userFiles.write(`${smallModel}/model.safetensors`, writeSafetensors(new Map(weights)));
}
