import type { HubOfPage } from "../../src/hub/hub_file.ts";

/**
 * The page's own policy, which `web/index.html` gives for hosts that send no headers, and what can be said in a header alone: no
 * other page may frame it.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The script of the Worker that fetches models, under the name that the build gives it. */
const FETCHES = /^assets\/fetch_worker-[^/]+\.js$/;

/** The policy of one of the page's files: a Worker has that of its own script. One alone asks others than the page's own origin. */
export function policyOf(path: string, hub: () => HubOfPage): string {
  if (!FETCHES.test(path)) return CONTENT_SECURITY_POLICY;
  return CONTENT_SECURITY_POLICY.replace("connect-src 'self'", `connect-src 'self' ${hub().sources.join(" ")}`);
}

/** With every answer. The two about origins make the page `crossOriginIsolated`: it may share memory between threads. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const types: Readonly<Record<string, string>> = {
  css: "text/css; charset=utf-8",
  gz: "application/gzip",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  wasm: "application/wasm",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
  yaml: "application/yaml",
};

export function contentType(path: string): string {
  return types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
}

/** The names of Vite's assets change with their contents; everything else is asked for anew, and mostly answered with 304. */
export function cacheControl(path: string): string {
  return path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}
