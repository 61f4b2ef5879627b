/** A MIME entity: a mail or a part of one (RFC 2045, 2046), parsed from a byte text. */

import { decodeTransfer } from "./transfer.ts";

export interface Entity {
  /** Values by lower-case name, unfolded; the first where a name recurs. */
  readonly headers: ReadonlyMap<string, string>;
  /** Lower case, such as `text/plain`. */
  readonly type: string;
  readonly charset?: string;
  readonly attached: boolean;
  /** A leaf's content, with its transfer encoding undone; still bytes in the part's charset. */
  readonly content: string;
  /** The parts of a multipart, or the one mail in a `message/rfc822`. */
  readonly children: readonly Entity[];
}

/** Deeper nesting is not mail but an attack; it is read as text. */
const MAX_DEPTH = 20;

export function parseEntity(raw: string, defaultType = "text/plain", depth = 0): Entity {
  const { head, body } = splitHead(raw);
  const headers = parseHeaders(head);
  const contentType = headers.get("content-type");
  const charset = parameter(contentType, "charset");
  const attached = /^\s*attachment/i.test(headers.get("content-disposition") ?? "");
  const type = typeOf(contentType) ?? (undeclaredBoundary(body) !== undefined ? "multipart/mixed" : defaultType);
  const entity = (content: string, children: readonly Entity[]): Entity => ({
    headers,
    type,
    charset,
    attached,
    content,
    children,
  });

  if (type.startsWith("multipart/") && depth < MAX_DEPTH) {
    const inner = type === "multipart/digest" ? "message/rfc822" : "text/plain";
    const boundaries = [parameter(contentType, "boundary"), undeclaredBoundary(body)];
    const parts = boundaries.map((boundary) => boundary ? splitParts(body, boundary) : []).find(({ length }) =>
      length > 0
    );
    // Without any delimiter a mail is shown by every reader as the text that it is.
    if (parts === undefined) return { ...entity(body, []), type: "text/plain" };
    return entity("", parts.map((part) => parseEntity(part, inner, depth + 1)));
  }
  const content = decodeTransfer(body, headers.get("content-transfer-encoding") ?? "");
  if (type === "message/rfc822" && depth < MAX_DEPTH) {
    return entity("", [parseEntity(content, "text/plain", depth + 1)]);
  }
  return entity(content, []);
}

function typeOf(contentType: string | undefined): string | undefined {
  return /^\s*[\w.+-]+\/[\w.+-]+/.exec(contentType ?? "")?.[0].trim().toLowerCase();
}

/** Some senders end the header too early or misspell the boundary; then the beginning of the body shows how it is divided. */
function undeclaredBoundary(body: string): string | undefined {
  return /^\s*(?:\S.{0,100}\r?\n\s*)?--(\S.*?)[ \t]*\r?\nContent-Type:/i.exec(body.slice(0, 1000))?.[1];
}

function splitHead(raw: string): { head: string; body: string } {
  const blank = /^\r?\n|\r?\n\r?\n/.exec(raw);
  if (!blank) return { head: raw, body: "" };
  return { head: raw.slice(0, blank.index), body: raw.slice(blank.index + blank[0].length) };
}

function parseHeaders(head: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n(?=[ \t])/g, "").split(/\r?\n/)) {
    const field = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    if (!field) continue;
    const name = field[1]!.toLowerCase();
    if (!headers.has(name)) headers.set(name, field[2]!.trim());
  }
  return headers;
}

function parameter(value: string | undefined, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s;]+))`, "i").exec(value ?? "");
  return found ? found[1] ?? found[2] ?? found[3] : undefined;
}

function splitParts(body: string, boundary: string): string[] {
  const escaped = boundary.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const parts: string[] = [];
  let start = -1;
  for (const delimiter of body.matchAll(new RegExp(`^--${escaped}(--)?[ \\t]*\\r?$`, "gm"))) {
    if (start >= 0) parts.push(body.slice(start, delimiter.index));
    const next = delimiter.index + delimiter[0].length + 1;
    if (delimiter[1]) return parts;
    start = next;
  }
  if (start >= 0) parts.push(body.slice(start));
  return parts;
}
