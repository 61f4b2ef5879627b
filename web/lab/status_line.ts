import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import type { LabState } from "../engine/api.ts";
import { baseStyles } from "../page/theme.ts";
import type { LabWords } from "../texts/lab.ts";
import { en } from "../texts/english.ts";

/** What the engine is at, and what there is to know of the run. */
export class StatusLine extends LitElement {
  static override properties = { state: { attribute: false }, waiting: {}, words: { attribute: false } };
  static override styles = [
    baseStyles,
    css`
      .status {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        margin: 0.75rem 0 0;
        min-height: 1.5rem;
        font-size: 0.875rem;
        color: var(--muted);
      }
      progress {
        width: 10rem;
        accent-color: var(--accent);
      }
      .phase {
        font-weight: 600;
        color: var(--text);
      }
    `,
  ];

  declare state: LabState | undefined;
  /** What is said while there is no state. */
  declare waiting: string;
  declare words: LabWords;

  constructor() {
    super();
    this.words = en.lab;
  }

  protected override render(): TemplateResult {
    const { state, words } = this;
    if (!state) return html`<p class="status">${this.waiting}</p>`;
    const { activity, asked, phase } = state;
    const arm = state.arms.find(({ experiment }) => experiment === activity?.experiment);
    const over = asked && activity?.done === activity?.of;
    const shown = activity && arm && !over && (phase === "running" || phase === "paused");
    return html`
      <div class="status">
        <span class="phase">${asked ? words.yourTurn : words.phase[phase]}</span>
        ${shown
          ? html`
            <progress max=${activity.of} value=${activity.done} aria-label=${words.phase[phase]}></progress>
            <span>${words.activity(activity, words.arm(arm.relation, arm.acquisition))}</span>
          `
          : nothing}
        ${state.notices.map((notice) => html`<span lang="en">${notice}</span>`)}
      </div>
    `;
  }
}

customElements.define("status-line", StatusLine);
