import { afterEach, expect, it, vi } from "vitest";
import { OpfsFiles } from "../../../web/host/opfs_files.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("an address that a browser does not trust is told that nothing can be kept there, and what to open", async () => {
  vi.stubGlobal("isSecureContext", false);
  await expect(OpfsFiles.open()).rejects.toThrow("only over HTTPS or at localhost: open it at such an address");
});
