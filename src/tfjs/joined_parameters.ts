import type { Parameters, ParameterSpec } from "./parameters.ts";

/** Parameters that lie in several places, such as those that learn and those that do not, as one. It owns the parts. */
export function joinedParameters(specs: readonly ParameterSpec[], parts: readonly Parameters[]): Parameters {
  const owners = new Map(parts.flatMap((part) => part.specs.map(({ name }) => [name, part] as const)));
  const ownerOf = (name: string) => {
    const owner = owners.get(name);
    if (!owner) throw new RangeError(`there is no parameter called ${name}`);
    return owner;
  };
  const tables = () => specs.map(({ name }) => ({ name, table: ownerOf(name).table(name) }));
  return {
    specs,
    get: (name) => ownerOf(name).get(name),
    table: (name) => ownerOf(name).table(name),
    all: () => tables().flatMap(({ table }) => [...table]),
    names: () => tables().flatMap(({ name, table }) => table.map(() => name)),
    async read() {
      const values = await Promise.all(parts.map((part) => part.read()));
      return new Map(values.flatMap((each) => [...each]));
    },
    dispose: () => parts.forEach((part) => part.dispose()),
  };
}
