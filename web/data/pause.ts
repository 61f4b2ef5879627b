/** Milliseconds that work may hold a Worker before what waits has its turn. */
const LONGEST = 40;

/** A pause to be asked for between the parts of long work: it lets others have their turn once that much time has passed. */
export function pauses(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < LONGEST) return;
    await new Promise((resolve) => setTimeout(resolve));
    began = performance.now();
  };
}
