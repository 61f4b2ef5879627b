import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join } from "node:path";
import { chromium } from "playwright";
import { chromiumOptions } from "./chromium.ts";

/** What a page logs in Chromium, its first `count` lines. */
export async function linesLoggedBy(url: string, count: number): Promise<string[]> {
  const browser = await chromium.launch(chromiumOptions);
  try {
    const page = await browser.newPage();
    const lines: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    page.on("pageerror", reject);
    page.on("console", (message) => {
      if (message.type() === "log" && lines.push(message.text()) === count) resolve();
    });
    await Promise.all([page.goto(url), promise]);
    return lines;
  } finally {
    await browser.close();
  }
}

const contentTypes: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Serves the files of a folder, to this machine alone, while `use` runs. */
export async function serving<T>(folder: string, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(async ({ url }, response) => {
    const file = basename(url!);
    try {
      const bytes = await readFile(join(folder, file));
      response.writeHead(200, { "content-type": contentTypes[extname(file)] ?? "text/plain" }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}
