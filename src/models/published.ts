import type { Architecture, PublishedPart } from "./architecture.ts";

/**
 * Files whose tensors are our parameters, under names that may differ: those of the first BERTs call a layer norm's weight and bias gamma
 * and beta, and those of a bare encoder lack the prefix of its parts.
 *
 * @param prefix such as `bert`
 * @param parts what a bare encoder's names begin with
 * @param none names of tensors that are no parameters, such as stored position ids
 */
export function publishedUnder(
  prefix: string,
  parts: readonly string[],
  none = /\.position_ids$/,
): Pick<Architecture, "fromPublished" | "toPublished"> {
  return {
    fromPublished: (name, shape) => none.test(name) ? [] : [whole(parameterName(prefix, parts, name), shape)],
    toPublished: (parameters) => parameters,
  };
}

/** A parameter that is a tensor as it stands. */
export function whole(name: string, shape: readonly number[]): PublishedPart {
  return { name, shape, take: (values) => values };
}

function parameterName(prefix: string, parts: readonly string[], stored: string): string {
  const renamed = stored.replace(/\.gamma$/, ".weight").replace(/\.beta$/, ".bias");
  return parts.some((part) => renamed.startsWith(`${part}.`)) ? `${prefix}.${renamed}` : renamed;
}
