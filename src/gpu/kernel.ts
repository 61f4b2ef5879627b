import { Failure } from "../errors.ts";

/**
 * A kernel is known by two things: a pure `plan`, which turns a shape into data that says everything about the work, and
 * `encode` (encode.ts), which records any plan into a compute pass. Neither submits nor waits, so that one text serves a
 * tensor library, a page and a program with nothing but a `GPUDevice` and two buffers.
 */
export interface Kernel<Shape> {
  readonly name: string;
  /**
   * Validates a shape, chooses a variant and tiles it to the limits.
   *
   * @throws KernelError naming the argument and the limit
   */
  plan(shape: Shape, limits: KernelLimits): Plan;
}

/** The limits of a device that plans depend on. */
export type KernelLimits = Pick<
  GPUSupportedLimits,
  | "maxStorageBufferBindingSize"
  | "maxBufferSize"
  | "minStorageBufferOffsetAlignment"
  | "maxComputeWorkgroupsPerDimension"
>;

/** Everything a kernel is going to do: which buffers it reads, writes and needs in between, and its dispatches in order. */
export interface Plan {
  readonly kernel: string;
  readonly inputs: readonly BufferSpec[];
  readonly outputs: readonly BufferSpec[];
  /** Buffers that carry values from one dispatch to the next; their contents mean nothing before or after. */
  readonly scratch: readonly BufferSpec[];
  /** Copies of inputs that a shader reads as textures, which some adapters do faster; made before the first dispatch. */
  readonly textures?: readonly TextureSpec[];
  readonly dispatches: readonly Dispatch[];
}

export interface BufferSpec {
  readonly name: string;
  /** The least size, in bytes. */
  readonly bytes: number;
  /** Set to zero before the first dispatch: for outputs of which a kernel writes only a part. */
  readonly cleared?: boolean;
}

/** A texture that is filled from an input, a texel four elements. */
export interface TextureSpec {
  readonly name: string;
  /** Of float32, or of float16, which a shader reads as float32 too. */
  readonly format: "rgba32float" | "rgba16float";
  /** The input; its rows begin at its first byte. */
  readonly source: string;
  /** In texels. */
  readonly width: number;
  readonly height: number;
  /** From one row of the input to the next; a multiple of {@link TEXTURE_ROW_BYTES}. */
  readonly rowBytes: number;
}

/** What a texel takes. */
export const TEXEL_BYTES: Readonly<Record<TextureSpec["format"], number>> = { rgba32float: 16, rgba16float: 8 };

/** WebGPU copies between buffers and textures only where rows begin at multiples of this. */
export const TEXTURE_ROW_BYTES = 256;

/** Texels a side of a texture on any device. */
export const MOST_TEXELS = 8192;

/** One WGSL file. Sizes reach it as uniforms or `override` constants, never as text. */
export interface Shader {
  readonly label: string;
  readonly code: string;
}

export interface Dispatch {
  readonly shader: Shader;
  readonly constants?: Readonly<Record<string, number>>;
  /** `@group(0) @binding(i)` is `bindings[i]`; the uniforms come last. */
  readonly bindings: readonly (Binding | TextureBinding)[];
  /** The uniform struct, 32-bit words. */
  readonly uniforms: readonly Word[];
  readonly groups: readonly [number, number, number];
}

/** A part of a buffer, by name. Offsets and sizes in bytes; the whole buffer where they are absent. */
export interface Binding {
  readonly buffer: string;
  readonly offset?: number;
  readonly size?: number;
}

/** One of the plan's textures, by name. */
export interface TextureBinding {
  readonly texture: string;
  /** Always the whole of it. */
  readonly offset?: undefined;
  readonly size?: undefined;
}

export type Word = { readonly u32: number } | { readonly f32: number };

export const u32 = (value: number): Word => ({ u32: value });
export const f32 = (value: number): Word => ({ f32: value });

/** Something is wrong with how a kernel is used, or with what it was given to compute on. Names the kernel and the argument. */
export class KernelError extends Failure {
  override readonly name = "KernelError";
  constructor(readonly kernel: string, problem: string) {
    super(`${kernel}: ${problem}`);
  }
}

/** A buffer that the device cannot make, or not bind at once. */
export class TooLarge extends KernelError {
  constructor(kernel: string, argument: string, readonly bytes: number, readonly most: number) {
    super(kernel, `${argument} takes ${bytes} bytes; this device binds at most ${most} at once`);
  }
}

/** @throws KernelError where `value` is not an integer of at least `least` */
export function requireSize(kernel: string, argument: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least) {
    throw new KernelError(kernel, `${argument} is ${value}; it must be an integer of at least ${least}`);
  }
}

/** @throws TooLarge where a buffer of `bytes` cannot be made, or not be bound whole */
export function requireBindable(kernel: string, argument: string, bytes: number, limits: KernelLimits): void {
  const most = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  if (bytes > most) throw new TooLarge(kernel, argument, bytes, most);
}

/** Workgroups for `count` items, spread over two dimensions where one would be over the limit. */
export function groupsFor(
  kernel: string,
  count: number,
  perGroup: number,
  limits: KernelLimits,
): readonly [number, number, number] {
  const groups = Math.ceil(count / perGroup);
  const most = limits.maxComputeWorkgroupsPerDimension;
  if (groups <= most) return [groups, 1, 1];
  const rows = Math.ceil(groups / most);
  if (rows > most) throw new KernelError(kernel, `${groups} workgroups are over this device's limit of ${most * most}`);
  return [most, rows, 1];
}
