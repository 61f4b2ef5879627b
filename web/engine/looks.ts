import type { Files } from "../../src/host.ts";
import type { RoundView } from "./api.ts";
import { encodeLook, lookPath, lookRound, readLook } from "./look_file.ts";
import { type Look, lookAt, type LookRequest } from "./round_view.ts";

/** The looks at the rounds of one run, kept in a folder. */
export class Looks {
  #rounds: number[] = [];
  #last: Look | undefined;

  private constructor(readonly files: Files, readonly folder: string) {}

  static async open(files: Files, folder: string): Promise<Looks> {
    const looks = new Looks(files, folder);
    const names = await files.list(folder);
    looks.#rounds = names.flatMap((name) => lookRound(name) ?? []).sort((a, b) => a - b);
    return looks;
  }

  /** Rounds that have been looked at. */
  get rounds(): readonly number[] {
    return this.#rounds;
  }

  async take(request: Omit<LookRequest, "before">): Promise<void> {
    const before = await this.#before(request.round);
    const look = await lookAt({ ...request, before });
    await this.files.write(lookPath(this.folder, request.round), encodeLook(look));
    this.#last = look;
    this.#rounds = [...new Set([...this.#rounds, request.round])].sort((a, b) => a - b);
  }

  async read(round: number): Promise<Look | undefined> {
    if (this.#last?.view.round === round) return this.#last;
    return await readLook(this.files, this.folder, round);
  }

  async #before(round: number): Promise<RoundView | undefined> {
    const earlier = this.#rounds.filter((each) => each < round).at(-1);
    return earlier === undefined ? undefined : (await this.read(earlier))?.view;
  }
}
