import { expose } from "comlink";
import { Failure } from "../../src/errors.ts";
import { HUB_FILE, parseHubFile } from "../../src/hub/hub_file.ts";
import { OpfsFiles } from "../host/opfs_files.ts";
import { hubCache } from "./hub_cache.ts";
import { type ModelFetcher, modelFetcher } from "./model_fetcher.ts";

/*
 * The one part of the page that asks another origin for anything. It holds no text, no label and no weight that a person trained: what it
 * is told is what a repository is called. Which hub it asks is said by who hosts the page, in a file beside it, and by no message.
 */
const files = OpfsFiles.open();
// Not lost, though nobody may ask for it yet.
files.catch(() => {});

let refusals = 0;
addEventListener("securitypolicyviolation", () => refusals++);

let opened: Promise<ModelFetcher> | undefined;

/** Opens once; what failed is tried again. */
function open(): Promise<ModelFetcher> {
  opened ??= begin().catch((thrown) => {
    opened = undefined;
    throw thrown;
  });
  return opened;
}

async function begin(): Promise<ModelFetcher> {
  // This script lies in a folder below the page's.
  const address = new URL(`../${HUB_FILE}`, location.href);
  const response = await fetch(address);
  if (!response.ok) throw new Failure(`cannot fetch ${address.href}: the server answered ${response.status}`);
  const hub = parseHubFile(await response.text(), address.href);
  return modelFetcher(hub, hubCache(await files), {
    fetch: (url, init) => fetch(url, init),
    refusals: () => refusals,
  });
}

const fetcher: ModelFetcher = {
  look: async (...what) => await (await open()).look(...what),
  async fetch(...what) {
    try {
      await (await open()).fetch(...what);
    } finally {
      // What has come in part may be removed by the engine from now on.
      (await files).close();
    }
  },
  cancel: () => void opened?.then((each) => each.cancel(), () => {}),
};
expose(fetcher);
