const steps = Array.from(
  { length: 11 },
  (_, step) => `.heat-${step} { background: rgb(11 95 165 / ${(step * 6) / 100}); }`,
);

/** The report's style sheet: light everywhere, since its figures are, and readable down to 320 pixels and on paper. */
export const reportStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a1a1a; font: 16px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 980px; margin: 0 auto; padding: 0 16px; overflow-wrap: break-word; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 32px 0 8px; }
h2 { font-size: 1.35rem; line-height: 1.25; margin: 44px 0 8px; padding-top: 16px; border-top: 1px solid #d0d0d0; }
header p { margin: 0; color: #4d4d4d; }
h3 { font-size: 1.05rem; margin: 24px 0 8px; }
h4 { font-size: 1rem; margin: 0 0 4px; }
p, ul { margin: 8px 0; max-width: 75ch; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; }
a { color: #0b5fa5; }
figure { margin: 16px 0; }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
.finding { font-size: 1.1rem; border-left: 4px solid #0b5fa5; padding: 4px 0 4px 14px; }
.notice { border-left: 4px solid #a86400; padding: 4px 0 4px 14px; }
.hypotheses { background: #f5f6f8; padding: 12px 16px; margin: 14px 0; border-radius: 6px; }
.small { font-size: 0.84rem; color: #4d4d4d; }
.scrolling { overflow-x: auto; margin: 10px 0; }
.scrolling:focus-visible, a:focus-visible, summary:focus-visible { outline: 3px solid #0b5fa5; outline-offset: 2px; }
table { border-collapse: collapse; font-size: 0.92rem; }
caption { text-align: left; color: #4d4d4d; font-size: 0.84rem; padding-bottom: 4px; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(75ch, calc(100vw - 32px)); }
th, td { padding: 5px 10px; text-align: left; vertical-align: top; border-bottom: 1px solid #d9d9d9; font-weight: normal; }
thead th { border-bottom: 2px solid #8a8a8a; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
.same { color: #595959; }
.verdict { font-weight: 600; }
.verdict::before { content: "● "; }
.better::before { color: #00735c; }
.reusable::before { color: #0b5fa5; }
.worse::before { color: #c04600; }
.undefined::before { content: "○ "; color: #595959; }
.tables { display: flex; flex-wrap: wrap; gap: 0 32px; align-items: flex-start; }
.table { max-width: 100%; }
.reu { font-size: 0.9rem; }
.reu th, .reu td { padding: 6px 8px; }
.reu th .small { font-weight: normal; }
.reu tbody th { min-width: 8rem; }
.reu tbody td:nth-child(3) { min-width: 8rem; }
.figures { display: grid; font-size: 0.84rem; grid-template-columns: max-content max-content; gap: 0 8px; margin: 0; justify-content: start; }
.figures dd { text-align: left; }
.figures dd, .figures dt { margin: 0; white-space: nowrap; }
.confusion th, .confusion td { padding: 4px 8px; }
.confusion th { max-width: 9rem; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; }
dt { color: #4d4d4d; }
dd { margin: 0; }
.facts dd, .settings dt { overflow-wrap: anywhere; }
.settings { margin: 8px 0; columns: 20rem 3; column-gap: 32px; font-size: 0.88rem; }
.settings div { break-inside: avoid; display: flex; gap: 10px; justify-content: space-between; border-bottom: 1px dotted #c4c4c4; }
.settings dd { text-align: right; }
code { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.92em; }
footer { margin: 44px auto; color: #4d4d4d; font-size: 0.88rem; }
${steps.join("\n")}
@media screen and (max-width: 720px) {
  .wide { display: none; }
  .narrow { display: block; }
  .facts { grid-template-columns: 1fr; }
  .facts dd { margin-bottom: 6px; }
}
@media print {
  body { font-size: 11px; }
  header, main, footer { max-width: none; padding: 0; }
  figure, table, .hypotheses { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .scrolling { overflow: visible; }
  nav { display: none; }
  .verdict::before, [class*="heat-"] { print-color-adjust: exact; }
}
`;
