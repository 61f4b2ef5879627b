/** `GPUBufferUsage` and `GPUMapMode`, whose values the WebGPU specification fixes; the worker library of TypeScript lacks them. */
export const BufferUsage = {
  MAP_READ: 0x0001,
  MAP_WRITE: 0x0002,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  QUERY_RESOLVE: 0x0200,
} as const;

export const MapMode = { READ: 0x0001, WRITE: 0x0002 } as const;

/** GPUTextureUsage, likewise. */
export const TextureUsage = { COPY_DST: 0x02, TEXTURE_BINDING: 0x04 } as const;
