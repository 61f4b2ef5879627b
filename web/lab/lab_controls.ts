import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Choices, LabState, Settings } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabWords } from "../texts/lab.ts";
import { en } from "../texts/english.ts";

/** The lab's settings, and what starts and holds it. Fires `settings-changed` {detail: Settings}, and `run`, `pause`, `one-round`, `restart`. */
export class LabControls extends LitElement {
  static override properties = {
    settings: { attribute: false },
    choices: { attribute: false },
    phase: {},
    labelling: { type: Boolean },
    words: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 1rem;
        align-items: end;
      }
      label {
        display: grid;
        gap: 0.15rem;
        font-size: 0.8125rem;
        color: var(--muted);
      }
      select,
      input {
        min-height: 2rem;
        padding: 0.2rem 0.5rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        font-size: 0.9375rem;
        max-width: 100%;
      }
      input {
        width: 5.5rem;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      .buttons button:first-child {
        min-width: 5.5rem;
      }
      @media (max-width: 40rem) {
        form {
          display: grid;
          grid-template-columns: 1fr 1fr;
        }
        input,
        select {
          width: 100%;
        }
        .buttons {
          grid-column: 1 / -1;
        }
        .buttons button {
          padding-inline: 0.6rem;
        }
      }
    `,
  ];

  declare settings: Settings;
  declare choices: Choices | undefined;
  declare phase: LabState["phase"] | undefined;
  /** A person labels: nothing runs that could be held. */
  declare labelling: boolean;
  declare words: LabWords;

  constructor() {
    super();
    this.labelling = false;
    this.words = en.lab;
  }

  protected override render(): TemplateResult {
    const { words, settings, choices, phase } = this;
    const models = choices?.models.map(({ name }) => name) ?? [];
    const strategies = choices?.strategies ?? [];
    const going = phase === "running" || phase === "preparing";
    return html`
      <form aria-label=${words.controls} @submit=${(event: Event) => event.preventDefault()}>
        ${this.#choice("data", words.data, choices?.data.map(({ name, title }) => [name, title ?? name]) ?? [])}
        ${this.#choice("successor", words.successor, models.map((name) => [name, name]), words.successorHint)}
        ${this.#choice(
          "acquisition",
          words.acquisition,
          models.map((name) => [name, name === settings.successor ? words.sameModel(name) : name]),
          words.acquisitionHint,
        )}
        ${this.#choice("strategy", words.strategy, strategies.map((name) => [name, words.strategies[name] ?? name]))}
        ${this.#number("seed", words.seed, 0)}
        ${this.#number("step", words.step, 1)}
        <div class="buttons">
          ${this.labelling ? nothing : this.#player(going)}
          ${this.#button(words.restart, "restart", phase !== undefined)}
        </div>
      </form>
    `;
  }

  #player(going: boolean): TemplateResult {
    const { words, phase } = this;
    const live = going || phase === "paused";
    return html`
      ${this.#button(going ? words.pause : words.run, going ? "pause" : "run", live, "primary")}
      ${this.#button(words.oneRound, "one-round", phase === "paused")}
    `;
  }

  /** A button that were disabled by what it does would lose the focus. */
  #button(label: string, event: string, live: boolean, look = ""): TemplateResult {
    return html`
      <button type="button" class=${live ? look : ""} aria-disabled=${live ? "false" : "true"} @click=${() =>
        live && this.dispatchEvent(new CustomEvent(event))}>${label}</button>
    `;
  }

  #choice(
    key: keyof Settings,
    label: string,
    options: readonly (readonly [string, string])[],
    hint?: string,
  ): TemplateResult {
    const value = String(this.settings[key]);
    // What a link names shows also where it is not to be had, and an error says so.
    const shown = options.some(([name]) => name === value) ? options : [[value, value] as const, ...options];
    // Not the attribute `selected`, which a browser ignores on options that a person has chosen before: the way back would not show.
    return html`
      <label><span>${label}${hint ? html`<span class="visually-hidden">, ${hint}</span>` : ""}</span>
        <select name=${key} title=${hint ?? ""} @change=${(event: Event) =>
          this.#change({ [key]: (event.target as HTMLSelectElement).value })}>
          ${shown.map(([name, text]) => html`<option value=${name} .selected=${live(name === value)}>${text}</option>`)}
        </select>
      </label>
    `;
  }

  #number(key: "seed" | "step", label: string, least: number): TemplateResult {
    return html`
      <label><span>${label}</span>
        <input name=${key} type="number" inputmode="numeric" min=${least} max="9999" step="1"
          .value=${String(this.settings[key])} @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const value = Number(input.value);
            if (input.value !== "" && Number.isInteger(value) && value >= least && value <= 9999) {
              this.#change({ [key]: value });
            } else input.value = String(this.settings[key]);
          }} />
      </label>
    `;
  }

  #change(change: Partial<Settings>): void {
    this.dispatchEvent(new CustomEvent<Settings>("settings-changed", { detail: { ...this.settings, ...change } }));
  }
}

customElements.define("lab-controls", LabControls);
