import { css, type CSSResult } from "lit";

export const learningCurvesStyles: CSSResult = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--text);
    font-family: var(--font);
  }
  .random {
    --kind: var(--random);
  }
  .self {
    --kind: var(--self);
  }
  .asm {
    --kind: var(--asm);
  }
  .you {
    --kind: var(--you);
  }

  .plot {
    position: relative;
    height: var(--chart-height, clamp(17rem, 56cqi, 30rem));
    border-radius: var(--radius);
    touch-action: pan-y;
  }
  svg {
    display: block;
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  text {
    font-size: 13px;
    fill: var(--muted);
    font-variant-numeric: tabular-nums;
  }
  .axis-name {
    font-size: 12px;
  }
  .grid {
    stroke: var(--line);
  }
  .base {
    stroke: var(--line-strong);
  }
  .halo {
    stroke: var(--surface);
    stroke-width: 4px;
    stroke-linejoin: round;
    paint-order: stroke;
  }

  .band {
    fill: var(--kind);
    fill-opacity: 0.1;
  }
  .other {
    fill: none;
    stroke: var(--kind);
    stroke-width: 1px;
    stroke-opacity: 0.4;
  }
  .line {
    fill: none;
    stroke: var(--kind);
    stroke-width: 2.25px;
    stroke-linejoin: round;
  }
  .marker {
    fill: var(--kind);
    stroke: var(--surface);
    stroke-width: 1px;
  }
  .leader {
    fill: none;
    stroke: var(--kind);
    stroke-opacity: 0.5;
  }
  .name {
    fill: var(--kind);
    font-weight: 600;
  }
  .score {
    fill: var(--text);
    font-weight: 400;
  }
  .quiet {
    opacity: 0.35;
  }
  .ahead {
    fill: var(--kind);
    fill-opacity: 0.26;
  }
  .behind {
    fill: url(#stripes);
  }
  .stripe {
    stroke: var(--kind);
    stroke-width: 2px;
    stroke-opacity: 0.55;
  }
  .guide {
    stroke: var(--line-strong);
    stroke-dasharray: 1 3;
  }
  .active {
    fill: var(--kind);
    stroke: var(--text);
    stroke-width: 1.5px;
  }

  .empty {
    position: absolute;
    inset: 30px 0 46px;
    width: fit-content;
    height: fit-content;
    max-width: 80%;
    margin: auto;
    padding: 0.25rem 0.75rem;
    background: var(--surface);
    color: var(--muted);
    font-size: 0.875rem;
    text-align: center;
  }
  .tip {
    position: absolute;
    bottom: 54px;
    left: 0;
    min-width: 9rem;
    padding: 0.4rem 0.6rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
    font-size: 0.8125rem;
    pointer-events: none;
    transform: translateX(var(--tip-left, 0));
  }
  .tip p {
    margin: 0 0 0.15rem;
    color: var(--muted);
  }
  .tip dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0 0.75rem;
    margin: 0;
  }
  .tip dt {
    color: var(--kind);
  }
  .tip dd {
    margin: 0;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .tip .chosen {
    font-weight: 700;
  }

  .notes {
    margin: 0.25rem 0 0;
    color: var(--muted);
    font-size: 0.8125rem;
  }
  details {
    margin-top: 0.5rem;
  }
  thead th {
    white-space: nowrap;
  }
  .scrolling {
    max-width: 100%;
    margin-top: 0.5rem;
    overflow-x: auto;
  }
`;
