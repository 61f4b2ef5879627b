import { css, html, LitElement, type TemplateResult } from "lit";
import { baseStyles } from "../page/theme.ts";

/** The probabilities of classes as bars with their numbers; a table to who does not see them. */
export class ProbabilityBars extends LitElement {
  static override properties = {
    caption: {},
    classes: { attribute: false },
    probabilities: { attribute: false },
    missing: {},
    locale: {},
  };
  static override styles = [
    baseStyles,
    css`
      table {
        width: 100%;
      }
      th,
      td {
        border: 0;
        padding: 0.1rem 0.5rem 0.1rem 0;
      }
      tbody th {
        font-weight: 400;
        max-width: 9rem;
        /* Not "anywhere", which would break short names so that the bars get all of their width. */
        overflow-wrap: break-word;
      }
      .bar {
        width: 60%;
      }
      .bar span {
        display: block;
        height: 0.65rem;
        width: calc(var(--share) * 100%);
        min-width: 1px;
        border-radius: 2px;
        background: var(--accent);
      }
      tbody tr.best th {
        font-weight: 600;
      }
    `,
  ];

  declare caption: string;
  declare classes: readonly string[];
  declare probabilities: readonly number[] | undefined;
  declare missing: string;
  declare locale: string;

  protected override render(): TemplateResult {
    const { caption, classes, probabilities, locale } = this;
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    return html`
      <table>
        <caption>${caption}</caption>
        <tbody>${probabilities
          ? classes.map((name, index) =>
            html`
              <tr class=${index === best ? "best" : ""}>
                <th scope="row"><bdi>${name}</bdi></th>
                <td class="bar"><span .style=${`--share: ${probabilities[index]!.toFixed(4)}`}></span></td>
                <td class="number">${probabilities[index]!.toLocaleString(locale, {
                  minimumFractionDigits: 2,
                  maximumFractionDigits: 2,
                })}</td>
              </tr>
            `
          )
          : html`
            <tr>
              <td>${this.missing}</td>
            </tr>
          `}</tbody>
      </table>
    `;
  }
}

customElements.define("probability-bars", ProbabilityBars);
