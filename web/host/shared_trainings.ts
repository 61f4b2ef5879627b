import { below, type Files } from "../../src/host.ts";

/**
 * A run directory whose trainings are also kept in a folder that run directories share. A training is named by all that decides it, so
 * what one run has trained another need not: when the strategy changes, the random twin is there at once. The run directory is whole all
 * the same, as it is exported.
 *
 * @param shared a folder for one data set and one computer, since an evaluation depends on these too
 */
export function sharedTrainings(root: Files, directory: string, shared: string): Files {
  const own = below(root, directory);
  const trainings = below(root, shared);
  const isTraining = (path: string) => path.startsWith("trainings/");
  const nameIn = (path: string) => path.slice("trainings/".length);
  return {
    ...own,
    async read(path) {
      const bytes = await own.read(path);
      if (bytes || !isTraining(path)) return bytes;
      const known = await trainings.read(nameIn(path));
      if (known) await own.write(path, known);
      return known;
    },
    async write(path, bytes) {
      await own.write(path, bytes);
      if (isTraining(path)) await trainings.write(nameIn(path), bytes);
    },
  };
}
