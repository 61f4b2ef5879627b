import { InputError } from "../errors.ts";
import type { JsonPart } from "./json_part.ts";
import { GREATEST_ID } from "./pieces/vocabulary.ts";

/** One of the texts, with the type of its tokens. */
interface Place {
  readonly text: 0 | 1;
  readonly type: number;
}

interface Special {
  readonly ids: readonly number[];
  readonly type: number;
}

/** Where texts stand among the special tokens of their model. */
export type Frame = readonly (Place | Special)[];

/** What a model puts around a text, and around two. */
export interface Frames {
  readonly single: Frame;
  /** Throws where the file does not say how two texts are put together. */
  readonly pair: () => Frame;
  /** Whether places leave out the blanks around a token: of those that are spelt by bytes alone. */
  readonly trims: boolean;
}

const a: Place = { text: 0, type: 0 };
const b: Place = { text: 1, type: 1 };

export function specialsIn(frame: Frame): number {
  return frame.reduce((sum, part) => sum + ("ids" in part ? part.ids.length : 0), 0);
}

/** The post-processor of a `tokenizer.json`. */
export function readFrames(json: JsonPart): Frames {
  return json.parts("processors").reduce<Frames>(
    (before, part) => ({ ...before, ...readOne(part) }),
    { single: [a], pair: () => [a, b], trims: false },
  );
}

function readOne(json: JsonPart): Partial<Frames> {
  const type = json.at("type");
  switch (type.text()) {
    case "ByteLevel":
      return { trims: json.at("trim_offsets").flag(true) };
    case "BertProcessing": {
      const [cls, sep] = [specialOf(json.at("cls")), specialOf(json.at("sep"))];
      return { single: [cls, a, sep], pair: () => [cls, a, sep, b, { ...sep, type: 1 }] };
    }
    case "RobertaProcessing": {
      const [cls, sep] = [specialOf(json.at("cls")), specialOf(json.at("sep"))];
      // RoBERTa tells its two texts apart by their separators alone.
      const pair: Frame = [cls, a, sep, sep, { ...b, type: 0 }, sep];
      return { single: [cls, a, sep], pair: () => pair, trims: json.at("trim_offsets").flag(true) };
    }
    case "TemplateProcessing": {
      const single = readTemplate(json, json.at("single"), "A");
      const template = json.at("pair");
      if (template.isMissing || (Array.isArray(template.value) && template.value.length === 0)) {
        return {
          single,
          pair() {
            throw new InputError(`${json.file}: ${template.path} does not say how two texts are put together`);
          },
        };
      }
      const pair = readTemplate(json, template, "AB");
      return { single, pair: () => pair };
    }
    default:
      throw type.wrong("BertProcessing, ByteLevel, RobertaProcessing, Sequence or TemplateProcessing");
  }
}

/** A special token as a text and its id. */
function specialOf(json: JsonPart): Special {
  json.list("a token and its id");
  return { ids: [json.at(1).index(GREATEST_ID)], type: 0 };
}

/** A list of `{"SpecialToken": {"id", "type_id"}}` and `{"Sequence": {"id", "type_id"}}`; `texts` names those that it must have. */
function readTemplate(json: JsonPart, template: JsonPart, texts: "A" | "AB"): Frame {
  let found = "";
  const frame = template.elements("a list of special tokens and texts").map((part): Place | Special => {
    const special = part.at("SpecialToken");
    if (special.isMissing) {
      const place = part.at("Sequence");
      const id = place.at("id").value;
      if (id !== "A" && id !== "B") throw part.wrong("a SpecialToken, or the Sequence A or B");
      found += id;
      return { text: id === "A" ? 0 : 1, type: place.at("type_id").index(1, 0) };
    }
    const ids = json.at("special_tokens").at(special.at("id").text()).at("ids");
    return { ids: ids.elements().map((id) => id.index(GREATEST_ID)), type: special.at("type_id").index(1, 0) };
  });
  if ([...found].sort().join("") !== texts) throw template.wrong(`each of the texts ${[...texts].join(" and ")} once`);
  return frame;
}
