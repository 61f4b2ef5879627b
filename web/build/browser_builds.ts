/** Packages whose usual build needs `Buffer`; their build for browsers does not run in Deno. */
export const browserBuilds = { "csv-parse/sync": "csv-parse/browser/esm/sync" };
