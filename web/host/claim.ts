/**
 * Keeps a name, and with it whatever the name stands for, for this tab until the claim is disposed of or the tab ends, however it
 * ends. Undefined where another tab of this page holds it.
 */
export function claimName(name: string, locks: LockManager = navigator.locks): Promise<Disposable | undefined> {
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (!lock) {
        resolve(undefined);
        return undefined;
      }
      return new Promise((release) => resolve({ [Symbol.dispose]: release }));
    };
    locks.request(`pupil:${name}`, { ifAvailable: true }, held).catch(reject);
  });
}
