import { InputError } from "../errors.ts";

/** Sequences within sequences, of which one would do. */
const DEEPEST = 8;

/** A part of a JSON document that knows where it stands, so that whatever is wrong with it can be said. */
export class JsonPart {
  constructor(readonly value: unknown, readonly file: string, readonly path = "") {}

  /** A member of an object, or an element of a list; what is not there has the value undefined. */
  at(key: string | number): JsonPart {
    const { value } = this;
    const isThere = value !== null && typeof value === "object" && Object.hasOwn(value, key);
    const path = typeof key === "number" ? `${this.path}[${key}]` : this.path === "" ? key : `${this.path}.${key}`;
    return new JsonPart(isThere ? (value as Record<string | number, unknown>)[key] : undefined, this.file, path);
  }

  get isMissing(): boolean {
    return this.value === undefined || this.value === null;
  }

  object(expected = "an object"): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
    throw this.wrong(expected);
  }

  list(expected = "a list"): readonly unknown[] {
    if (Array.isArray(this.value)) return this.value;
    throw this.wrong(expected);
  }

  text(fallback?: string): string {
    if (this.isMissing && fallback !== undefined) return fallback;
    if (typeof this.value === "string") return this.value;
    throw this.wrong("a text");
  }

  flag(fallback: boolean): boolean {
    if (this.isMissing) return fallback;
    if (typeof this.value === "boolean") return this.value;
    throw this.wrong("true or false");
  }

  /** A whole number from 0 to `most`. */
  index(most: number, fallback?: number): number {
    if (this.isMissing && fallback !== undefined) return fallback;
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw this.wrong(`a whole number from 0 to ${most}`);
  }

  /** The elements of a list. */
  elements(expected?: string): JsonPart[] {
    return this.list(expected).map((_, index) => this.at(index));
  }

  /** This part alone, or those of which it consists where its type is Sequence: `key` names their list. None where it is missing. */
  parts(key: string, depth = 0): JsonPart[] {
    if (this.isMissing) return [];
    this.object();
    if (this.at("type").value !== "Sequence") return [this];
    if (depth === DEEPEST) throw this.wrong(`no more than ${DEEPEST} sequences in each other`);
    return this.at(key).elements().flatMap((part) => part.parts(key, depth + 1));
  }

  /** What to throw about this part. */
  wrong(expected: string): InputError {
    return new InputError(`${this.file}: ${this.path || "it"} is ${shown(this.value)}; expected ${expected}`);
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
