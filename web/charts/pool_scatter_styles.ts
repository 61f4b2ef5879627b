import { css, type CSSResult } from "lit";

export const poolScatterStyles: CSSResult = css`
  :host {
    display: block;
    container-type: inline-size;
    color: var(--text);
    font-family: var(--font);
  }
  .plane {
    position: relative;
    height: var(--chart-height, clamp(18rem, 62cqi, 34rem));
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    overflow: hidden;
    cursor: grab;
    user-select: none;
    -webkit-user-select: none;
    touch-action: pan-y;
  }
  .plane.zoomed {
    touch-action: none;
  }
  .plane.over {
    cursor: pointer;
  }
  .plane:active {
    cursor: grabbing;
  }
  .plane:focus-visible {
    outline-offset: 1px;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }

  .frame {
    position: relative;
  }
  .zoom {
    position: absolute;
    top: 0.5rem;
    right: 0.5rem;
    display: flex;
    flex-direction: column;
  }
  .zoom button {
    width: 2.25rem;
    height: 2.25rem;
    min-height: 0;
    padding: 0;
    border-radius: 0;
    border-color: var(--line);
    line-height: 1;
  }
  .zoom button + button {
    margin-top: -1px;
  }
  .zoom button:first-child {
    border-radius: var(--radius) var(--radius) 0 0;
  }
  .zoom button:last-child {
    border-radius: 0 0 var(--radius) var(--radius);
  }
  .zoom button:hover,
  .zoom button:focus-visible {
    position: relative;
    border-color: var(--accent);
  }
  .zoom svg {
    display: block;
    margin: auto;
    width: 1rem;
    height: 1rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
  }
  @media (pointer: coarse) {
    .zoom button {
      width: 2.75rem;
      height: 2.75rem;
    }
  }

  .empty {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    margin: 0;
    padding: 2rem;
    color: var(--muted);
    text-align: center;
    pointer-events: none;
    font-size: 0.875rem;
  }
  .tip {
    position: absolute;
    top: 0;
    left: 0;
    max-width: min(18rem, 80%);
    padding: 0.35rem 0.6rem;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    box-shadow: var(--shadow);
    font-size: 0.8125rem;
    pointer-events: none;
    transform: translate(var(--tip-left, 0), var(--tip-top, 0));
  }
  .tip p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .tip .value {
    color: var(--muted);
    font-variant-numeric: tabular-nums;
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 1.25rem;
    margin: 0.6rem 0 0;
    color: var(--muted);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
  }
  .legend span {
    white-space: nowrap;
    display: inline-flex;
    align-items: center;
    gap: 0.45rem;
  }
  .legend .ramp {
    width: clamp(4rem, 22cqi, 8rem);
    height: 0.625rem;
    border-radius: 2px;
  }
  .legend .mark {
    width: 1.125rem;
    height: 1.125rem;
  }
  .legend .ring {
    fill: var(--surface);
    stroke: var(--muted);
    stroke-width: 1.25;
  }
  .legend .inner {
    stroke: var(--lit-edge);
    stroke-width: 0.75;
  }
  .legend .outline {
    fill: var(--lit);
    stroke: var(--lit-edge);
    stroke-width: 1;
  }
  details {
    margin-top: 0.5rem;
  }
  .scrolling {
    max-width: 100%;
    margin-top: 0.5rem;
    overflow-x: auto;
  }
`;
