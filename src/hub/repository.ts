import { InputError } from "../errors.ts";

/** A repository of the hub, at a branch, a tag or a commit. */
export interface Repository {
  readonly kind: "models" | "datasets";
  /** `name` or `owner/name`. */
  readonly id: string;
  readonly revision: string;
}

const SEGMENT = /^(?!\.)[\w.-]{1,96}$/;

/** @throws InputError where the name or the revision is none that the hub could have */
export function repository(kind: Repository["kind"], id: string, revision = "main"): Repository {
  const segments = id.split("/");
  if (segments.length > 2 || !segments.every((each) => SEGMENT.test(each) && !each.includes(".."))) {
    throw new InputError(`'${id}' is no name on the hub: expected 'name' or 'owner/name'`);
  }
  if (!revision.split("/").every((each) => SEGMENT.test(each) && !each.includes(".."))) {
    throw new InputError(`'${revision}' is no revision: expected a branch, a tag or a commit`);
  }
  return { kind, id, revision };
}

/** The page of the repository, for a person. */
export function pageOf({ kind, id }: Repository, endpoint: URL): string {
  return new URL(kind === "models" ? id : `datasets/${id}`, endpoint).href;
}

/** Where the hub says which files a revision has, with their sizes and hashes. */
export function listingAddress({ kind, id, revision }: Repository, endpoint: URL): URL {
  return new URL(`api/${kind}/${id}/revision/${encodeURIComponent(revision)}?blobs=true`, endpoint);
}

/** Where a file of a commit is. */
export function fileAddress({ kind, id }: Repository, commit: string, path: string, endpoint: URL): URL {
  const prefix = kind === "models" ? "" : "datasets/";
  return new URL(`${prefix}${id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`, endpoint);
}

/** A folder for all that is kept of a repository. */
export function folderOf({ kind, id }: Pick<Repository, "kind" | "id">): string {
  return `${kind}--${id.replace("/", "--")}`;
}

/** The repository of a folder; undefined for a folder of something else. */
export function repositoryOf(folder: string): Pick<Repository, "kind" | "id"> | undefined {
  const found = /^(models|datasets)--(.+)$/.exec(folder);
  return found ? { kind: found[1] as Repository["kind"], id: found[2]!.replace("--", "/") } : undefined;
}
