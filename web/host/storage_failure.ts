import { Failure, messageOf } from "../../src/errors.ts";

/** What a browser says that it could not do with its storage, in words that a person can act on. */
export function storageFailure(what: "read" | "write" | "remove", path: string, thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  switch (nameOf(thrown)) {
    case "QuotaExceededError":
      return new Failure(
        `the browser's storage is full: ${path} could not be written\n` +
          "Export what you want to keep, then remove runs or data that you no longer need",
      );
    case "NoModificationAllowedError":
    case "InvalidStateError":
      return new Failure(`cannot ${what} ${path}: another tab of this page has it open. Close that tab and try again`);
    case "TypeMismatchError":
      return new Failure(`cannot ${what} ${path}: a folder and a file would have the same name`);
    case "SecurityError":
      return new Failure(
        `cannot ${what} ${path}: this browser window keeps no files. Allow this site to store data, or leave private browsing`,
      );
    default:
      return new Failure(`cannot ${what} ${path}: ${messageOf(thrown)}`);
  }
}

/** Another tab, or this one, has the file open. */
export function isLocked(thrown: unknown): boolean {
  return nameOf(thrown) === "NoModificationAllowedError";
}

/** The file has changed since the snapshot that was read from. */
export function isOutdated(thrown: unknown): boolean {
  return nameOf(thrown) === "NotReadableError";
}

export function isAbsent(thrown: unknown): boolean {
  return nameOf(thrown) === "NotFoundError";
}

/** Of a DOMException, and of the class of its own that newer browsers have for the quota. */
function nameOf(thrown: unknown): string {
  return thrown instanceof Error || thrown instanceof DOMException ? thrown.name : "";
}
