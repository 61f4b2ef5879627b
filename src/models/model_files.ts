/** Whether a file of that name, in the folder of a model, is one that is read of it. */
export function isModelFile(name: string): boolean {
  return names.has(name) || /^[\w.-]+\.safetensors$/.test(name);
}

const names: ReadonlySet<string> = new Set([
  "config.json",
  "model.safetensors.index.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "vocab.txt",
  "vocab.json",
  "merges.txt",
  "encoder.json",
  "vocab.bpe",
]);
