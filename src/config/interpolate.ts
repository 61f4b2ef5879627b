import { configError } from "./config_error.ts";
import { suggest } from "../registry.ts";
import { get, leaf, type Node, type Origin, type Section, section, values } from "./node.ts";

/**
 * Replaces `${a.b}` by what the config holds at `a.b`, counted from its root, and `${now:%Y-%m-%d}` by the time. A text that
 * is one interpolation and nothing else takes the value as it is, a number as a number; `\${` is the sign itself.
 *
 * @throws InputError for a key that does not exist, keys that need each other, and any other resolver
 */
export function interpolate(tree: Section, now: Date): Section {
  const open: string[] = [];

  function resolve(node: Node): Node {
    if (node.kind === "list") return { ...node, items: node.items.map(resolve) };
    if (node.kind === "section") {
      return section(new Map([...node.entries].map(([key, below]) => [key, resolve(below)])), node.origin);
    }
    return typeof node.value === "string" && node.value.includes("${") ? fill(node.value, node.origin) : node;
  }

  function fill(text: string, origin: Origin): Node {
    const parts = split(text, origin);
    const only = parts.length === 1 ? parts[0] : undefined;
    if (only?.kind === "reference") return valueOf(only.text, origin);
    return leaf(parts.map((part) => (part.kind === "text" ? part.text : textOf(part.text, origin))).join(""), origin);
  }

  function textOf(reference: string, origin: Origin): string {
    const node = valueOf(reference, origin);
    if (node.kind === "leaf") return String(node.value);
    throw complaint(origin, `\${${reference}} is a ${node.kind} and cannot stand within a text`);
  }

  function valueOf(reference: string, origin: Origin): Node {
    const colon = reference.indexOf(":");
    if (colon >= 0) {
      const resolver = reference.slice(0, colon).trim();
      if (resolver !== "now") {
        throw complaint(
          origin,
          `\${${reference}}: unknown resolver '${resolver}'. There are: now, as in \${now:%Y-%m-%d}`,
        );
      }
      return leaf(formatTime(now, reference.slice(colon + 1), origin), origin);
    }
    if (reference.startsWith(".")) {
      throw complaint(origin, `\${${reference}}: keys are counted from the root, such as \${al.strategy}`);
    }
    const target = get(tree, reference.split("."));
    if (target === undefined) {
      const keys = [...values(tree)].map(([path]) => path.join("."));
      throw complaint(origin, `\${${reference}}: there is no such key. ${suggest(reference, keys)}`);
    }
    if (open.includes(reference)) {
      throw complaint(origin, `\${${reference}} needs itself: ${[...open, reference].join(" -> ")}`);
    }
    open.push(reference);
    const value = resolve(target);
    open.pop();
    return value.kind === "leaf" ? leaf(value.value, origin) : value;
  }

  return resolve(tree) as Section;
}

interface Part {
  readonly kind: "text" | "reference";
  readonly text: string;
}

function split(text: string, origin: Origin): Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf("${", at);
    if (start < 0) {
      parts.push({ kind: "text", text: text.slice(at) });
      break;
    }
    if (text[start - 1] === "\\") {
      parts.push({ kind: "text", text: `${text.slice(at, start - 1)}\${` });
      at = start + 2;
      continue;
    }
    const end = text.indexOf("}", start);
    const reference = text.slice(start + 2, end < 0 ? undefined : end).trim();
    if (end < 0) throw complaint(origin, `'${text}': an interpolation \${...} is not closed`);
    if (reference.includes("${")) throw complaint(origin, `'${text}': an interpolation cannot stand in another`);
    if (reference === "") throw complaint(origin, `'${text}': an interpolation names no key`);
    if (start > at) parts.push({ kind: "text", text: text.slice(at, start) });
    parts.push({ kind: "reference", text: reference });
    at = end + 1;
  }
  return parts;
}

/** The signs of strftime that a name of a run can need; local time, as Hydra has it. */
function formatTime(now: Date, format: string, origin: Origin): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const signs: Readonly<Record<string, string>> = {
    Y: String(now.getFullYear()),
    y: two(now.getFullYear() % 100),
    m: two(now.getMonth() + 1),
    d: two(now.getDate()),
    H: two(now.getHours()),
    M: two(now.getMinutes()),
    S: two(now.getSeconds()),
    "%": "%",
  };
  return format.replaceAll(/%(.?)/g, (whole, sign: string) => {
    const value = signs[sign];
    if (value !== undefined) return value;
    throw complaint(origin, `\${now:${format}}: '${whole}' is not known. There are: %Y %y %m %d %H %M %S %%`);
  });
}

const complaint = (origin: Origin, message: string) =>
  configError(`${origin.place}: config key ${origin.key}: ${message}`);
