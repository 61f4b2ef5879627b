import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Asked, AskedExample } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabelWords } from "../texts/label.ts";
import { en } from "../texts/english.ts";
import { Queue } from "./queue.ts";

/**
 * The text that a person is asked about, and the answers. Fires `answer` {detail: {id, label}} (null: cannot tell) and `finish-batch`.
 *
 * Single keys work only while the focus is in it, so that they are in nobody's way elsewhere.
 */
export class LabelCard extends LitElement {
  static override properties = {
    asked: { attribute: false },
    words: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }
      .card {
        margin: 0 -0.75rem;
        padding: 0.5rem 0.75rem;
        border-radius: var(--radius);
      }
      .text {
        height: clamp(10rem, 32vh, 24rem);
        margin: 0.5rem 0 1rem;
        padding: 1rem;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--bg);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .answers,
      .others {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-bottom: 0.75rem;
      }
      .answers button {
        min-height: 2.75rem;
        max-width: 100%;
        overflow-wrap: anywhere;
        padding: 0.4rem 1rem;
        font-size: 1.0625rem;
      }
      .answers button[aria-pressed="true"] {
        border-color: var(--you);
        box-shadow: inset 0 0 0 1px var(--you);
      }
      kbd {
        margin-inline-end: 0.35rem;
        padding: 0 0.35rem;
        border: 1px solid var(--line-strong);
        border-radius: 4px;
        font: 0.8125rem var(--mono);
        color: var(--muted);
      }
      .primary kbd {
        border-color: currentColor;
        color: inherit;
      }
      @media (hover: none) and (pointer: coarse) {
        kbd,
        #keys {
          display: none;
        }
      }
      .progress {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        font-size: 0.875rem;
        color: var(--muted);
      }
      progress {
        width: 100%;
        accent-color: var(--you);
      }
      .quiet {
        color: var(--muted);
        font-size: 0.875rem;
      }
    `,
  ];

  declare asked: Asked;
  declare words: LabelWords;
  readonly #queue = new Queue();
  /** What was answered here: the engine says the same, but later. */
  readonly #given = new Map<string, string | null>();
  /** The text that was in front of the person last. */
  #shown: string | undefined;

  constructor() {
    super();
    this.words = en.label;
  }

  /** So that a person can label at once, without a click. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>(".card")?.focus(options);
  }

  protected override updated(): void {
    const current = this.#queue.current(this.#examples)?.id;
    // Another text begins at its beginning.
    if (current !== this.#shown) this.renderRoot.querySelector(".text")?.scrollTo(0, 0);
    this.#shown = current;
  }

  get #examples(): AskedExample[] {
    return this.asked.examples.map((each) => {
      const given = this.#given.get(each.id);
      return given === undefined ? each : { ...each, answer: given };
    });
  }

  protected override render(): TemplateResult {
    const { asked: { round }, words } = this;
    const examples = this.#examples;
    const done = examples.filter(({ answer }) => answer !== undefined).length;
    const current = this.#queue.current(examples);
    return html`
      <div class="card" role="group" tabindex="0" aria-label=${words.panel} aria-describedby="keys" @keydown=${this
        .#key}>
        <div class="progress"><span>${words.batch(round, done, examples.length)}</span></div>
        <progress max=${examples.length} value=${done} aria-label=${words.panel}></progress>
        <div aria-live="polite">${current
          ? html`<p class="text" dir="auto" tabindex="0" aria-label=${
            words.asked(examples.indexOf(current) + 1, examples.length)
          }>${current.text}</p>`
          : html`<p>${words.ready}</p>`}</div>
        ${current ? this.#answers(current.id, current.answer) : nothing}
        <div class="others">
          ${current
            ? html`
              <button @click=${() => this.#answer(null)} aria-keyshortcuts="0" aria-pressed=${current.answer === null
                ? "true"
                : "false"}>
                              ${cap("0")}${words.cannotTell}</button>
              <button @click=${this.#skip} aria-keyshortcuts="S" ?disabled=${current.answer !== undefined}>${cap(
                "S",
              )}${words.skip}</button>
            `
            : html`<button class="primary" @click=${this.#finish} aria-keyshortcuts="Enter">${
              cap("↵")
            }${words.learn}</button>`}
          <button @click=${this.#undo} aria-keyshortcuts="U" ?disabled=${!this.#queue.canUndo(examples)}>${cap(
            "U",
          )}${words.undo}</button>
        </div>
        <p id="keys" class="quiet">${words.keys}</p>
      </div>
    `;
  }

  #answers(id: string, answer: string | null | undefined): TemplateResult {
    return html`<div class="answers">${
      this.asked.classes.map((label, index) =>
        html`
          <button @click=${() => this.#answer(label)} aria-pressed=${label === answer ? "true" : "false"}
            aria-keyshortcuts=${index < 9 ? index + 1 : nothing} data-id=${id}>${index < 9
              ? cap(String(index + 1))
              : nothing}<bdi>${label}</bdi></button>
        `
      )
    }</div>`;
  }

  #answer = (label: string | null): void => {
    const current = this.#queue.current(this.#examples);
    if (!current) return;
    this.#queue.answered(current.id);
    this.#given.set(current.id, label);
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("answer", { detail: { id: current.id, label } }));
    // The button that was pressed may be gone.
    this.focus({ preventScroll: true });
  };

  #skip = (): void => {
    const current = this.#queue.current(this.#examples);
    if (current && current.answer === undefined) this.#queue.skip(current.id);
    this.requestUpdate();
    this.focus({ preventScroll: true });
  };

  #undo = (): void => {
    this.#queue.undo(this.#examples);
    this.requestUpdate();
    this.focus({ preventScroll: true });
  };

  #finish = (): void => {
    this.dispatchEvent(new CustomEvent("finish-batch"));
  };

  #key = (event: KeyboardEvent): void => {
    const key = keyOf(event);
    const withControl = event.ctrlKey || event.metaKey;
    if (event.altKey || (withControl && key !== "z")) return;
    // A key that is held down would answer for texts that nobody has read.
    const acted = !event.repeat && this.#act(key, withControl, event.target);
    if (acted || this.#scroll(event)) event.preventDefault();
  };

  /** A long text moves under the keys that would move the page, while the focus is on the panel and not on the text itself. */
  #scroll({ key, target }: KeyboardEvent): boolean {
    const text = this.renderRoot.querySelector(".text");
    if (!text || target !== this.renderRoot.querySelector(".card") || text.scrollHeight <= text.clientHeight) {
      return false;
    }
    const page = text.clientHeight * 0.9;
    const by = { ArrowDown: 40, ArrowUp: -40, PageDown: page, " ": page, PageUp: -page }[key];
    if (by !== undefined) text.scrollBy(0, by);
    return by !== undefined;
  }

  /** Whether the key meant something. */
  #act(key: string, withControl: boolean, target: EventTarget | null): boolean {
    const current = this.#queue.current(this.#examples);
    const label = /^[1-9]$/.test(key) ? this.asked.classes[Number(key) - 1] : undefined;
    if (withControl || key === "u") this.#undo();
    else if (label !== undefined && current) this.#answer(label);
    else if (key === "0" && current) this.#answer(null);
    else if (key === "s") this.#skip();
    // Enter on a button presses that button.
    else if (key === "enter" && !current && !(target instanceof HTMLButtonElement)) this.#finish();
    else return false;
    return true;
  }
}

/** A key's cap; what a screen reader says of it is in `aria-keyshortcuts`. */
function cap(key: string): TemplateResult {
  return html`<kbd aria-hidden="true">${key}</kbd>`;
}

/** What a key says in Latin letters: by its place where the layout is another one, as the Cyrillic is, or gives digits with Shift only. */
function keyOf({ key, code }: KeyboardEvent): string {
  if (/^[a-z0-9]$/i.test(key) || key.length > 1) return key.toLowerCase();
  return /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

customElements.define("label-card", LabelCard);
