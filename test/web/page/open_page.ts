/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from "playwright";

/** Without motion: a software compositor paints every frame of it, which takes a core from the models. */
export const usual: BrowserContextOptions = { locale: "en-GB", reducedMotion: "reduce" };

/** A page that was opened, and what went wrong in it. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors of the console, of scripts, and requests that left the origin. A test expects none. */
  readonly troubles: string[];
}

/**
 * Opens the built page in a browser profile of its own.
 *
 * @param address the page's, with its fragment: `${served.url}#tab=data`
 */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ ...usual, ...options });
  const page = await context.newPage();
  const troubles = troublesOf(page, new URL(address).origin);
  await page.goto(address);
  return { page, troubles };
}

/** Collects what goes wrong in a page from now on. */
export function troublesOf(page: Page, origin: string): string[] {
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    // A message of a failed load does not say of what.
    const { url } = message.location();
    // What a browser asks for by itself where a file is opened that is no page.
    if (new URL(url || "about:blank").pathname === "/favicon.ico") return;
    troubles.push(`console: ${message.text()}${message.text().startsWith("Failed to load") ? ` ${url}` : ""}`);
  });
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.context().on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob):/.test(url)) troubles.push(`request: ${url}`);
  });
  return troubles;
}

/** The texts of all files that the page keeps, by path. */
export function keptTexts(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const texts: Record<string, string> = {};
    // Where the engine replaces the file meanwhile, the browser knows the one that was opened no more.
    const textOf = async (handle: FileSystemFileHandle, left = 5): Promise<string> => {
      try {
        return await (await handle.getFile()).text();
      } catch (thrown) {
        if (left === 0) throw thrown;
        return await textOf(handle, left - 1);
      }
    };
    const read = async (folder: FileSystemDirectoryHandle, below: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === "directory") await read(handle as FileSystemDirectoryHandle, `${below}${name}/`);
        // A file that is being written is no file yet.
        else if (!name.endsWith(".tmp")) texts[below + name] = await textOf(handle as FileSystemFileHandle);
      }
    };
    await read(await navigator.storage.getDirectory(), "");
    return texts;
  });
}
