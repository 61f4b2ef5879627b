import { InputError } from "../errors.ts";

/**
 * The `tokenizer.json` of a `vocab.json` and a `merges.txt`: GPT-2's, and RoBERTa's where there are `<s>` and `</s>`, between which it puts
 * a text.
 *
 * @throws InputError where one of the two is not what it should be
 * @see Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016; Radford et al., 2019
 */
export function byteLevelBpeJson(vocabulary: unknown, merges: string, sources: readonly [string, string]): object {
  const vocab = idsOf(vocabulary, sources[0]);
  const isRoberta = vocab.has("<s>") && vocab.has("</s>");
  const special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "<|endoftext|>"].flatMap((content) => {
    const id = vocab.get(content);
    // A mask takes the place of a word and of the blank before it.
    return id === undefined ? [] : [{ ...plain, lstrip: content === "<mask>", id, content, special: true }];
  });
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: special,
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: isRoberta
      ? between("<s>", "</s>", vocab)
      : { type: "ByteLevel", add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocab),
      merges: mergesOf(merges, sources[1]),
    },
  };
}

const plain = { single_word: false, rstrip: false, normalized: false };

function idsOf(vocabulary: unknown, source: string): ReadonlyMap<string, number> {
  const entries = typeof vocabulary === "object" && vocabulary !== null ? Object.entries(vocabulary) : [];
  if (entries.length === 0 || !entries.every(([, id]) => Number.isInteger(id))) {
    throw new InputError(`${source} is not a vocabulary: it does not give each token its id`);
  }
  return new Map(entries);
}

function mergesOf(text: string, source: string): [string, string][] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.flatMap((line, index): [string, string][] => {
    if (line === "" || (index === 0 && line.startsWith("#version"))) return [];
    const [left, right, ...more] = line.split(" ");
    if (left && right && more.length === 0) return [[left, right]];
    throw new InputError(`${source}: line ${index + 1} does not name two tokens to merge`);
  });
}

function between(before: string, after: string, vocab: ReadonlyMap<string, number>): object {
  return {
    type: "RobertaProcessing",
    cls: [before, vocab.get(before)],
    sep: [after, vocab.get(after)],
    trim_offsets: true,
    add_prefix_space: false,
  };
}
