import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { freshGpu } from "../gpu/open_test_gpu.ts";

// In a file of its own: ours takes the stock backend's name, and wraps its kernels for good.
it("the stock backend answers an allocation over the limit with zeros, which is what ours guards against", async (context) => {
  const { device, info, software } = await freshGpu();
  const most = device.limits.maxStorageBufferBindingSize;
  context.skip(!software || most > 2 ** 28, `this adapter binds ${most} bytes at once: too much memory for a test`);
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", () => new WebGPUBackend(device as never, info as never));
  await tf.setBackend("webgpu");
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  // A listener keeps the refusal quiet, as an application's would.
  device.addEventListener("uncapturederror", (event) => event.preventDefault());
  const values = await tf.square(tf.fill([most / 4 + 1], 3)).data();
  expect(values.slice(0, 4)).toEqual(new Float32Array(4));
});
