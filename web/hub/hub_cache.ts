import { cacheBelow, type CacheFiles } from "../../src/hub/cache_files.ts";

/** Where what was fetched from the hub lies among the page's files, laid out as the command line has it. */
export const HUB_FOLDER = "hub";

/** The cache of the hub in the page's files. */
export function hubCache(files: CacheFiles): CacheFiles {
  return cacheBelow(files, HUB_FOLDER);
}

/** How a person without a token, as everybody on the page is, gets at what is not for everybody. */
export const ACCESS = "fetch it with the command line, which takes a token, and bring its folder in here";
