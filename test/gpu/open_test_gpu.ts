import { requestAdapter } from "../../src/gpu/adapter.ts";
import { type Gpu, openDevice } from "../../src/gpu/device.ts";

let opened: Promise<Gpu> | undefined;

/** The device that tests of one file share; software adapters are welcome. */
export function testGpu(): Promise<Gpu> {
  return opened ??= requestAdapter(navigator.gpu, { software: true }).then(openDevice);
}

/** A device of its own, for tests that break it. */
export async function freshGpu(): Promise<Gpu> {
  return openDevice(await requestAdapter(navigator.gpu, { software: true }));
}
