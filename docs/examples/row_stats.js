// How sure a model is of each row of its logits: one kernel, two buffers, any GPU. In Deno: deno run row_stats.js
import { Recorder, requireFinite, ROW_STATS_COLUMNS, rowStats } from "./pupil_kernels.js";

const shape = { rows: 3, columns: 4 };
const logits = new Float32Array([
  [9, 0, 1, 0], // nearly sure
  [2, 2, -3, -3], // one of two
  [0, 0, 0, 0], // no idea
].flat());

const adapter = await navigator.gpu?.requestAdapter();
if (!adapter) throw new Error("There is no WebGPU adapter here.");
const device = await adapter.requestDevice();
const plan = rowStats.plan(shape, device.limits);
const [{ bytes }] = plan.outputs;

const { COPY_DST, COPY_SRC, MAP_READ, STORAGE } = GPUBufferUsage;
const input = device.createBuffer({ size: logits.byteLength, usage: STORAGE | COPY_DST });
const output = device.createBuffer({ size: bytes, usage: STORAGE | COPY_SRC });
const copy = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
device.queue.writeBuffer(input, 0, logits);

const encoder = device.createCommandEncoder();
const pass = encoder.beginComputePass();
new Recorder(device).record(pass, plan, { logits: input, stats: output });
pass.end();
encoder.copyBufferToBuffer(output, 0, copy, 0, bytes);
device.queue.submit([encoder.finish()]);

await copy.mapAsync(GPUMapMode.READ);
const stats = new Float32Array(copy.getMappedRange());
requireFinite(stats); // throws where a row held a NaN
for (let row = 0; row < shape.rows; row++) {
  const own = stats.subarray(row * 4, row * 4 + 4);
  console.log(`row ${row}: ${ROW_STATS_COLUMNS.map((name, at) => `${name} ${own[at].toFixed(6)}`).join(", ")}`);
}
