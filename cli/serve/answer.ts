import { HUB_FILE, type HubOfPage, parseHubFile } from "../../src/hub/hub_file.ts";
import { cacheControl, contentType, policyOf, securityHeaders } from "./headers.ts";
import type { PageFiles } from "./page_files.ts";

/** Answers one request for a file of the page. */
export function answer(request: Request, files: PageFiles): Response {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(request, 405, "only GET and HEAD", { allow: "GET, HEAD" });
  }
  const path = pathOf(request.url);
  const file = path === undefined ? undefined : files.get(path);
  if (path === undefined || file === undefined) return plain(request, 404, "not found");
  const { bytes, etag } = file;
  const headers = {
    ...securityHeaders,
    "content-security-policy": policyOf(path, () => hubOf(files)),
    etag,
    "cache-control": cacheControl(path),
  };
  if (knows(request, etag)) return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : bytes, {
    headers: { ...headers, "content-type": contentType(path), "content-length": String(bytes.length) },
  });
}

/** The hub that the page's own Worker will read of, too. */
function hubOf(files: PageFiles): HubOfPage {
  return parseHubFile(new TextDecoder().decode(files.get(HUB_FILE)?.bytes), HUB_FILE);
}

/** The path below the page's folder that an address names; undefined where it is no text. */
function pathOf(address: string): string | undefined {
  try {
    const path = decodeURIComponent(new URL(address).pathname).slice(1);
    return path === "" || path.endsWith("/") ? `${path}index.html` : path;
  } catch {
    return undefined;
  }
}

/** Whether the browser holds this version already. */
function knows(request: Request, etag: string): boolean {
  const held = request.headers.get("if-none-match")?.split(",").map((each) => each.trim().replace(/^W\//, ""));
  return held?.some((each) => each === etag || each === "*") ?? false;
}

function plain(request: Request, status: number, text: string, more: Readonly<Record<string, string>> = {}): Response {
  const headers = {
    ...securityHeaders,
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    ...more,
  };
  return new Response(request.method === "HEAD" ? null : `${text}\n`, { status, headers });
}
