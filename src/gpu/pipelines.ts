import type { Shader } from "./kernel.ts";
import { oneLine } from "./one_line.ts";

/** A pipeline and the layout of its bindings, which the device would else make anew each time it is asked for. */
export interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Compute pipelines of one device, compiled once for each shader and set of constants. */
export class Pipelines {
  readonly #compiled = new Map<Shader, Map<string, Compiled>>();

  constructor(readonly device: GPUDevice) {}

  /**
   * Compiles without waiting. What the compiler refuses surfaces as a validation error, in the error scope around it;
   * {@link checkShader} tells where and why.
   */
  get(shader: Shader, constants: Readonly<Record<string, number>> = {}): Compiled {
    const key = JSON.stringify(constants);
    const variants = this.#compiled.get(shader) ?? new Map<string, Compiled>();
    this.#compiled.set(shader, variants);
    const known = variants.get(key);
    if (known) return known;
    const pipeline = this.device.createComputePipeline({
      label: shader.label,
      layout: "auto",
      compute: {
        module: this.device.createShaderModule({ label: shader.label, code: shader.code }),
        entryPoint: "main",
        constants,
      },
    });
    const compiled = { pipeline, layout: pipeline.getBindGroupLayout(0) };
    variants.set(key, compiled);
    return compiled;
  }
}

/** What this device's compiler says against a shader, a line each with its place in the text; empty where it accepts it. */
export async function checkShader(device: GPUDevice, shader: Shader): Promise<string[]> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: shader.label, code: shader.code });
  const info = await module.getCompilationInfo();
  const error = await device.popErrorScope();
  const lines = info.messages
    .filter((message) => message.type === "error")
    .map((message) => `${shader.label}:${message.lineNum}:${message.linePos}: ${oneLine(message.message)}`);
  return lines.length === 0 && error ? [`${shader.label}: ${oneLine(error.message)}`] : lines;
}
