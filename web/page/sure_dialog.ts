import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles } from "./theme.ts";

/** Asks before something is done that cannot be undone. Open while it is there; fires `sure` where the answer is yes, and `close` after any answer. */
export class SureDialog extends LitElement {
  static override properties = { question: {}, yes: {}, no: {} };
  static override styles = [
    baseStyles,
    css`
      dialog {
        max-width: min(26rem, calc(100vw - 2rem));
        padding: 1.25rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
      }
      p {
        margin: 0;
        overflow-wrap: anywhere;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        justify-content: end;
        margin-top: 0.75rem;
      }
    `,
  ];

  declare question: string;
  declare yes: string;
  declare no: string;

  protected override render(): TemplateResult {
    // The element's own closing gives the focus back to what had it.
    return html`
      <dialog aria-labelledby="question" @close=${() => this.dispatchEvent(new CustomEvent("close"))}>
        <p id="question">${this.question}</p>
        <div>
          <button autofocus @click=${() => this.#dialog.close()}>${this.no}</button>
          <button class="primary" @click=${this.#sure}>${this.yes}</button>
        </div>
      </dialog>
    `;
  }

  protected override firstUpdated(): void {
    this.#dialog.showModal();
  }

  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector("dialog")!;
  }

  #sure = (): void => {
    this.#dialog.close();
    this.dispatchEvent(new CustomEvent("sure"));
  };
}

customElements.define("sure-dialog", SureDialog);
