/** A model as settings and links call it: by its name, and where it is one of the hub at another revision than main, that too. */
export interface NamedModel {
  readonly name: string;
  readonly revision?: string | undefined;
}

/** `owner/name@revision`: on the hub no name has an @. */
export function choiceOf({ name, revision }: NamedModel): string {
  return revision === undefined || revision === "main" ? name : `${name}@${revision}`;
}

/** Folders are left whole. */
export function namedBy(choice: string): NamedModel {
  const at = choice.startsWith(".") ? -1 : choice.indexOf("@");
  return at === -1 ? { name: choice } : { name: choice.slice(0, at), revision: choice.slice(at + 1) };
}
