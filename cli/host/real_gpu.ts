/**
 * The GPU that this machine was given, such as "NVIDIA (/dev/nvidiactl)", as the launcher saw it: Deno itself may look at
 * devices only with every permission. Undefined where there is none, or Deno was started without the launcher.
 */
export function realGpu(): string | undefined {
  const variable = "PUPIL_GPU";
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) || undefined : undefined;
}
