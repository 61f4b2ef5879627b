import { css, html, LitElement, type TemplateResult } from "lit";
import type { DroppedFile } from "../data/dropped_entries.ts";
import { filesFromDrop, filesFromInput } from "../page/dropped_files.ts";
import { baseStyles } from "../page/theme.ts";

/** A button that takes a file or a folder, and a place to drop it. Fires `files` {detail: DroppedFile[]}. */
export class FileDrop extends LitElement {
  static override properties = {
    label: {},
    hint: {},
    accept: {},
    folder: { type: Boolean },
    _over: { state: true },
  };
  static override styles = [
    baseStyles,
    css`
      .drop {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: center;
        padding: 0.75rem 1rem;
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius);
        color: var(--muted);
        font-size: 0.875rem;
      }
      .over {
        border-color: var(--accent);
        background: var(--bg);
      }
      input {
        position: absolute;
        opacity: 0;
        width: 1px;
        height: 1px;
      }
      label {
        display: inline-block;
        padding: 0.3rem 0.75rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        font-size: 0.9375rem;
        cursor: pointer;
      }
      label:hover {
        border-color: var(--accent);
        color: var(--accent);
      }
      label:focus-within {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
    `,
  ];

  declare label: string;
  declare hint: string;
  declare accept: string;
  /** Whether a folder is chosen, and not a file. */
  declare folder: boolean;
  declare private _over: boolean;

  constructor() {
    super();
    this.label = "";
    this.hint = "";
    this.accept = "";
    this.folder = false;
    this._over = false;
  }

  protected override render(): TemplateResult {
    return html`
      <div class="drop ${this._over ? "over" : ""}" @dragover=${this.#over} @dragleave=${this.#out} @drop=${this.#drop}>
        <label>${this.label}<input type="file" accept=${this.accept} ?webkitdirectory=${this.folder}
          @change=${this.#chosen} /></label>
        <span>${this.hint}</span>
      </div>
    `;
  }

  #over = (event: DragEvent): void => {
    event.preventDefault();
    this._over = true;
  };

  #out = (): void => {
    this._over = false;
  };

  #drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    this._over = false;
    if (event.dataTransfer) this.#give(await filesFromDrop(event.dataTransfer));
  };

  #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.files && input.files.length > 0) this.#give(filesFromInput(input.files));
    // The same file may be chosen again.
    input.value = "";
  };

  #give(files: readonly DroppedFile[]): void {
    if (files.length > 0) this.dispatchEvent(new CustomEvent("files", { detail: files }));
  }
}

customElements.define("file-drop", FileDrop);
