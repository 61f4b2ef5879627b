import type { Remote } from "comlink";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { Library } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import { en } from "../texts/english.ts";
import type { KeptWords } from "../texts/kept.ts";
import { type FetchState, HubFetch } from "./hub_fetch.ts";

/** Models of the thesis that are small enough for most computers. */
const SUGGESTED = [
  "distilbert-base-cased",
  "google/electra-small-discriminator",
  "huawei-noah/TinyBERT_General_4L_312D",
  "cointegrated/rubert-tiny2",
  "distilgpt2",
];

/** Parts of the whole that are told to who does not look. */
const QUARTERS = 4;

/** One for the tab: a fetch goes on while the person looks at something else. */
const fetch = new HubFetch();

/** Takes a model's name on the hub, and shows how far its fetch is. Fires `fetch-ended` {detail: FetchState} once the person can see it. */
export class HubForm extends LitElement {
  static override properties = {
    library: { attribute: false },
    words: { attribute: false },
  };
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        margin-top: 1rem;
      }
      h3 {
        margin: 0 0 0.25rem;
        font-size: 0.9375rem;
      }
      p {
        margin: 0 0 0.5rem;
        overflow-wrap: anywhere;
      }
      .quiet {
        color: var(--muted);
        font-size: 0.875rem;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: end;
      }
      label {
        display: grid;
        flex: 3 1 12rem;
        color: var(--muted);
        font-size: 0.875rem;
      }
      label.revision {
        flex: 1 1 6rem;
      }
      input {
        width: 100%;
        min-height: 2rem;
        padding: 0.25rem 0.5rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--text);
        font-size: 0.9375rem;
      }
      .going {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        margin-top: 0.75rem;
      }
      .going p {
        flex: 1 1 12rem;
        margin: 0;
        font-variant-numeric: tabular-nums;
      }
      progress {
        flex: 1 0 100%;
        height: 0.5rem;
        accent-color: var(--accent);
      }
    `,
  ];

  /** A function, since a template may not look into a Worker's proxy. */
  declare library: () => Remote<Library>;
  declare words: KeptWords;

  constructor() {
    super();
    this.words = en.kept;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    fetch.addEventListener("change", this.#follow);
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    fetch.removeEventListener("change", this.#follow);
  }

  protected override render(): TemplateResult {
    const { words: { hub: words } } = this;
    return html`
      <h3 id="hub">${words.title}</h3>
      <p class="quiet">${words.intro}</p>
      <form aria-labelledby="hub" @submit=${this.#start}>
        <label>${words.name}<input name="model" list="models" placeholder="owner/name" required maxlength="200"
          autocomplete="off" autocapitalize="off" spellcheck="false" /></label>
        <datalist id="models">${SUGGESTED.map((name) => html`<option value=${name}></option>`)}</datalist>
        <label class="revision">${words.revision}<input name="revision" placeholder="main" maxlength="200"
          autocomplete="off" autocapitalize="off" spellcheck="false" /></label>
        <button aria-disabled=${fetch.isGoing ? "true" : "false"}>${words.fetch}</button>
      </form>
      ${fetch.isGoing ? this.#going(fetch.state!) : nothing}
      <p class="visually-hidden" role="status">${this.#told(fetch.state)}</p>
    `;
  }

  #going({ name, progress, left, waiting }: FetchState): TemplateResult {
    const { words: { hub: words, bytes, cancel } } = this;
    const far = progress ? words.progress(bytes(progress.bytes), bytes(progress.total), left) : words.asking(name);
    return html`
      <div class="going">
        ${progress
          ? html`<progress aria-label=${words.fetching(name)} max=${progress.total} value=${progress.bytes}></progress>`
          : html`<progress aria-label=${words.asking(name)}></progress>`}
        <p>${far}</p>
        <button @click=${this.#cancel}>${cancel}</button>
        ${waiting === undefined ? nothing : html`<p class="quiet" lang="en">${waiting}</p>`}
      </div>
    `;
  }

  /** Seldom enough to be listened to. */
  #told(state: FetchState | undefined): string {
    if (!state || !fetch.isGoing) return "";
    const { name, progress } = state;
    const { hub: words, locale } = this.words;
    if (!progress) return words.asking(name);
    const quarters = Math.floor(progress.bytes / Math.max(1, progress.total) * QUARTERS) / QUARTERS;
    return `${words.fetching(name)}: ${quarters.toLocaleString(locale, { style: "percent" })}`;
  }

  #start = (event: SubmitEvent): void => {
    event.preventDefault();
    if (fetch.isGoing) return;
    const given = new FormData(event.target as HTMLFormElement);
    const text = (key: string) => String(given.get(key) ?? "").trim();
    this.dispatchEvent(new CustomEvent("fetch-began"));
    void fetch.start(text("model"), text("revision") || "main", this.library());
  };

  #cancel = (): void => {
    // It goes with the button, else.
    this.renderRoot.querySelector<HTMLElement>("form button")?.focus();
    fetch.cancel();
  };

  #follow = (): void => {
    this.requestUpdate();
    const ended = fetch.takeEnd();
    if (ended) this.dispatchEvent(new CustomEvent<FetchState>("fetch-ended", { detail: ended }));
  };
}

customElements.define("hub-form", HubForm);
