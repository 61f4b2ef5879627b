import { css } from "lit";

/** The head, the notices and the foot of the page. */
export const pageStyles = css`
  :host {
    display: block;
    max-width: 120rem;
    margin: 0 auto;
    padding: 0 clamp(0.75rem, 2vw, 2rem) 2rem;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.5rem;
    align-items: center;
    padding: 0.75rem 0;
  }
  h1 {
    margin: 0;
    font-size: 1.375rem;
    letter-spacing: -0.01em;
  }
  .tagline {
    margin: 0;
    color: var(--muted);
  }
  nav {
    display: flex;
    gap: 0.25rem;
    margin-inline-start: auto;
  }
  nav a {
    padding: 0.3rem 0.75rem;
    white-space: nowrap;
    border-radius: var(--radius);
    text-decoration: none;
    color: var(--text);
  }
  nav a[aria-current] {
    background: var(--accent);
    color: var(--accent-text);
  }
  .choices {
    display: flex;
    gap: 0.5rem;
  }
  .choices select {
    min-height: 2rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius);
    background: var(--surface);
    font-size: 0.875rem;
  }
  @media (max-width: 40rem) {
    nav {
      order: 1;
      flex-wrap: wrap;
      width: 100%;
      margin: 0;
      font-size: 0.875rem;
    }
    nav a {
      padding-inline: 0.45rem;
    }
    .tagline {
      order: 1;
      width: 100%;
      font-size: 0.875rem;
    }
    .choices {
      margin-inline-start: auto;
    }
  }
  .skip {
    position: absolute;
    inset-inline-start: -99rem;
  }
  .skip:focus {
    inset-inline-start: 1rem;
    z-index: 2;
    padding: 0.5rem 1rem;
    background: var(--surface);
  }
  .trouble {
    margin: 0 0 1rem;
    padding: 0.75rem 1.25rem;
    border: 1px solid var(--bad);
    border-radius: var(--radius);
    background: var(--surface);
  }
  .trouble p {
    margin: 0 0 0.75rem;
    white-space: pre-line;
  }
  .news {
    display: flex;
    gap: 1rem;
    align-items: center;
    margin: 0 0 1rem;
    padding: 0 1.25rem;
    border: 1px solid var(--accent);
    border-radius: var(--radius);
    background: var(--surface);
  }
  footer {
    margin-top: 1.5rem;
    color: var(--muted);
    font-size: 0.875rem;
  }
  footer p {
    margin: 0.25rem 0;
  }
`;
