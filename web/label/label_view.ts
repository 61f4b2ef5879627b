import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import "../charts/learning_curves.ts";
import type { CurveSeries } from "../charts/learning_curves.ts";
import type { Choices, LabState, Settings } from "../engine/api.ts";
import "../lab/lab_controls.ts";
import { baseStyles, columnStyles, panelStyles } from "../page/theme.ts";
import type { Texts } from "../texts/texts.ts";
import "../lab/status_line.ts";
import "./label_card.ts";
import type { LabelCard } from "./label_card.ts";

/** A person labels what a model picks. Fires `settings-changed`, `restart`, `answer` and `finish-batch`, as its parts do. */
export class LabelView extends LitElement {
  static override properties = {
    state: { attribute: false },
    settings: { attribute: false },
    choices: { attribute: false },
    waiting: {},
    texts: { attribute: false },
  };
  static override styles = [
    baseStyles,
    panelStyles,
    columnStyles,
  ];

  declare state: LabState | undefined;
  declare settings: Settings;
  declare choices: Choices | undefined;
  /** What is said while there is no state. */
  declare waiting: string;
  declare texts: Texts;

  /** While there is nothing to label the desk has the focus that the card had. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    const hadFocus = this.hasUpdated && this.shadowRoot!.activeElement?.localName === "label-card";
    if (changed.has("state") && hadFocus && !this.state?.asked) this.#desk()!.focus({ preventScroll: true });
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("state") || !this.state?.asked || changed.get("state")?.asked) return;
    if (!this.#mayFocus()) return;
    const card = this.renderRoot.querySelector<LabelCard>("label-card");
    void card?.updateComplete.then(() => card.focus());
  }

  /** Who came by the link to this view goes on to what is asked; who has gone elsewhere since stays there. */
  #mayFocus(): boolean {
    const { activeElement: around } = this.getRootNode() as ShadowRoot;
    return document.activeElement === document.body || around?.getAttribute("aria-current") === "page" ||
      this.shadowRoot!.activeElement === this.#desk();
  }

  #desk(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(".desk");
  }

  protected override render(): TemplateResult {
    const { state, texts: { label: words, lab, charts } } = this;
    const asked = state?.asked;
    return html`
      <section class="panel" aria-label=${words.settings}>
        <lab-controls .settings=${this.settings} .choices=${this.choices} .words=${lab} .phase=${state?.phase} labelling
          @settings-changed=${this.#pass} @restart=${this.#pass}></lab-controls>
      </section>
      <div class="columns">
        <section class="panel" aria-labelledby="title">
          <h2 id="title">${words.title}</h2>
          <p class="quiet">${words.intro}</p>
          <div class="desk" tabindex="-1">${asked
            ? html`<label-card .asked=${asked} .words=${words} @answer=${this.#pass} @finish-batch=${this.#pass}></label-card>`
            : html`<p role="status">${
              state?.phase === "finished" ? words.finished : state ? words.wait : this.waiting
            }</p>`}</div>
          <status-line .state=${state} .waiting=${""} .words=${lab}></status-line>
        </section>
        <div class="stack">
          <section class="panel" aria-labelledby="curves">
            <h2 id="curves">${words.curves}</h2>
            <learning-curves .series=${this.#series()} .counts=${state?.counts ?? []} .metric=${state?.metric ?? ""}
              .words=${charts.curves}></learning-curves>
            ${state && !this.#hasTwin(state) ? html`<p class="quiet">${words.noTwin}</p>` : nothing}
          </section>
          <section class="panel" aria-labelledby="agreement">
            <h2 id="agreement">${words.agreementTitle}</h2>
            <p>${words.total(state?.labelled ?? 0)}</p>
            ${asked && asked.agreement.of > 0
              ? html`<p>${words.agreement(asked.agreement.same, asked.agreement.of)}</p>`
              : nothing}
          </section>
        </div>
      </div>
    `;
  }

  #hasTwin(state: LabState): boolean {
    return state.arms.some(({ relation, scores }) => relation === "random" && scores.length > 0) ||
      !state.arms[0]?.scores.length;
  }

  #series(): CurveSeries[] {
    const { state, texts: { label: words } } = this;
    return (state?.arms ?? []).slice(0, 2).flatMap((arm, index): CurveSeries[] =>
      arm.scores.length === 0 ? [] : [{
        ...arm,
        otherSeeds: [],
        name: index === 0 ? words.you : words.twin,
        kind: index === 0 ? "you" : "random",
      }]
    );
  }

  #pass = (event: Event): void => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: (event as CustomEvent).detail }));
  };
}

customElements.define("label-view", LabelView);
