/**
 * Keys that concern the program which started the thesis's experiments, and nothing here. They are accepted, so that its
 * task lists run as they are, and reported as not used.
 */
const TOP = ["hydra", "task_names", "command", "config_path", "environ", "cuda_devices"];

/** True of `hydra`, `hydra.run.dir`, `hydra/job_logging`, `cuda_devices`. */
export function isLauncherKey(key: string): boolean {
  return TOP.includes(key.split(/[./@]/)[0] ?? "");
}

export function launcherNotice(keys: Iterable<string>): string[] {
  const sorted = [...new Set(keys)].sort();
  return sorted.length === 0 ? [] : [`not used, since they concern the thesis's launcher: ${sorted.join(", ")}`];
}
