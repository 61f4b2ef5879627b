/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import "../../../web/charts/learning_curves.ts";
import type { CurveSeries, LearningCurves } from "../../../web/charts/learning_curves.ts";
import { adoptTheme } from "../../../web/page/theme.ts";
import { ru } from "../../../web/texts/russian.ts";

const counts = [40, 80, 120, 160, 200];
const random: CurveSeries = { name: "random", kind: "random", scores: [0.4, 0.5, 0.55], otherSeeds: [] };
const self: CurveSeries = { name: "self", kind: "self", scores: [0.4, 0.6, 0.7], otherSeeds: [] };
const asm: CurveSeries = {
  name: "bag-64",
  kind: "asm",
  scores: [0.4, 0.48, 0.65],
  otherSeeds: [{ seed: 1, scores: [0.42, 0.5, 0.6, 0.66, 0.7] }, { seed: 2, scores: [0.39, 0.5] }],
};

async function shown(properties: Partial<LearningCurves> = {}, width = 640): Promise<LearningCurves> {
  const room = document.createElement("div");
  room.style.width = `${width}px`;
  const chart = document.createElement("learning-curves");
  Object.assign(chart, { counts, series: [random, self, asm], metric: "macro_f1" }, properties);
  room.append(chart);
  document.body.append(room);
  await vi.waitFor(() => expect(all(chart, ".base").length).toBeGreaterThan(0));
  return chart;
}

function all<E extends Element = SVGGraphicsElement>(chart: LearningCurves, selector: string): E[] {
  return [...chart.renderRoot.querySelectorAll<E>(selector)];
}

function text(chart: LearningCurves, selector: string): string {
  return all(chart, selector).map((each) => each.textContent!.replaceAll(/\s+/g, " ").trim()).join("|");
}

async function press(chart: LearningCurves, ...keys: string[]): Promise<void> {
  const plot = all<HTMLElement>(chart, ".plot")[0]!;
  plot.focus();
  for (const key of keys) plot.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  await chart.updateComplete;
}

/** Where the marker at the tip of a kind's curve is, in pixels. */
function tipOf(chart: LearningCurves, kind: string): number[] {
  return all(chart, `.${kind} .marker`).at(-1)!.getAttribute("transform")!.match(/[\d.]+/g)!.map(Number);
}

beforeAll(() => adoptTheme(document));
afterEach(() => document.body.replaceChildren());

describe("learning curves", () => {
  it("draw a curve, markers and a label for each series", async () => {
    const chart = await shown();
    expect(all(chart, ".line")).toHaveLength(3);
    expect(all(chart, ".marker")).toHaveLength(9);
    expect(text(chart, ".name")).toBe("random|self|bag-64");
    expect(text(chart, ".score")).toBe("0.550|0.700|0.650");
    expect(all(chart, ".other")).toHaveLength(2);
    expect(text(chart, ".notes")).toBe("Thin lines are other seeds; the band spans them all.");
  });

  it("tell kinds apart without colour", async () => {
    const chart = await shown();
    expect(new Set(all(chart, ".line").map((line) => line.getAttribute("stroke-dasharray"))).size).toBe(3);
    const shapes = ["random", "self", "asm"].map((kind) => all(chart, `.${kind} .marker`)[0]!.getAttribute("d"));
    expect(new Set(shapes).size).toBe(3);
  });

  it.each([320, 390, 640, 1200])("keep labels apart, and inside, at %i px", async (width) => {
    const close = [random, self, asm].map((each, index) => ({
      ...each,
      scores: [0.4, 0.5, 0.6 + index * 0.001, 0.61, 0.62],
    }));
    const chart = await shown({ series: close }, width);
    const boxes = all(chart, ".halo").map((label) => label.getBoundingClientRect());
    const { left, right } = all(chart, "svg")[0]!.getBoundingClientRect();
    for (const [index, box] of boxes.entries()) {
      expect(box.left).toBeGreaterThan(left);
      expect(box.right).toBeLessThanOrEqual(right + 1);
      for (const other of boxes.slice(index + 1)) {
        expect(Math.abs(box.top - other.top)).toBeGreaterThanOrEqual(box.height - 1);
      }
    }
    expect(chart.parentElement!.scrollWidth).toBe(width);
  });

  it("leave the planned rounds their space", async () => {
    const [x] = tipOf(await shown(), "self");
    const whole = await shown({ series: [{ ...self, scores: [0.4, 0.6, 0.7, 0.7, 0.7] }] });
    expect(x).toBeLessThan(tipOf(whole, "self")[0]! * 0.7);
  });

  it("fill the area that is lit, striped where it counts against, and step back with the rest", async () => {
    const chart = await shown({ lit: "asm-random" });
    expect(all(chart, ".ahead")).toHaveLength(1);
    expect(all(chart, ".behind")).toHaveLength(1);
    expect(getComputedStyle(all(chart, ".behind")[0]!).fill).toContain("#stripes");
    expect(all(chart, ".quiet .line")).toHaveLength(1);
    expect(text(chart, ".notes")).toContain("Filled: bag-64 is above random.");
    chart.lit = undefined;
    await chart.updateComplete;
    expect(all(chart, ".ahead, .behind, .quiet")).toEqual([]);
  });

  it("say the gist in place of the picture, and the numbers in a table", async () => {
    const chart = await shown();
    const picture = all(chart, "svg")[0]!;
    expect(picture.getAttribute("role")).toBe("img");
    expect(picture.getAttribute("aria-label")).toContain("self leads by 0.050 at 120.");
    expect(text(chart, "thead th")).toBe("labelled|random|self|bag-64|bag-64, seed 1|bag-64, seed 2");
    expect(text(chart, "tbody tr:nth-child(2) > *")).toBe("80|0.500|0.600|0.480|0.500|0.500");
    expect(text(chart, "tbody tr:nth-child(5) > *")).toBe("200|not yet|not yet|not yet|0.700|not yet");
  });

  it("speak another language, with its numbers", async () => {
    const chart = await shown({ words: ru.charts.curves });
    expect(text(chart, "summary")).toBe("Показать таблицей");
    expect(text(chart, ".score")).toBe("0,550|0,700|0,650");
  });

  it("are walked by arrow keys, and say each point", async () => {
    const chart = await shown();
    await press(chart);
    expect(text(chart, "[aria-live]")).toBe("random, 120 labelled: 0.550");
    await press(chart, "ArrowLeft");
    expect(text(chart, "[aria-live]")).toBe("random, 80 labelled: 0.500");
    await press(chart, "ArrowUp");
    expect(text(chart, "[aria-live]")).toBe("self, 80 labelled: 0.600");
    expect(text(chart, ".tip dd")).toBe("0.600|0.500|0.480");
    expect(text(chart, ".tip .chosen")).toBe("self|0.600");
    await press(chart, "Escape");
    expect(all(chart, ".tip")).toEqual([]);
    await press(chart, "x");
    expect(all(chart, ".tip")).toEqual([]);
    await press(chart, "ArrowLeft");
    expect(text(chart, ".tip .chosen"), "back in").toBe("random|0.550");
    await press(chart, "Escape", "Home");
    expect(text(chart, ".tip p")).toBe("40 labelled");
  });

  it("show the values under the pointer", async () => {
    const chart = await shown();
    const plot = all<HTMLElement>(chart, ".plot")[0]!;
    const { left, top } = plot.getBoundingClientRect();
    const [x, y] = tipOf(chart, "self");
    plot.dispatchEvent(new PointerEvent("pointermove", { clientX: left + x! + 3, clientY: top + y! - 4 }));
    await chart.updateComplete;
    expect(text(chart, ".tip p")).toBe("120 labelled");
    expect(text(chart, ".tip .chosen")).toBe("self|0.700");
    plot.dispatchEvent(new PointerEvent("pointerleave", { pointerType: "mouse" }));
    await chart.updateComplete;
    expect(all(chart, ".tip")).toEqual([]);
  });

  it("grow to a new point, and are at once another run's", async () => {
    const chart = await shown();
    const before = tipOf(chart, "self");
    chart.series = [random, { ...self, scores: [...self.scores, 0.72] }, asm];
    await chart.updateComplete;
    const moving = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (moving) expect(tipOf(chart, "self")[0]).toBeCloseTo(before[0]!, 0);
    // The same content again, as each message of the engine brings it, does not cut the motion short.
    chart.series = chart.series.map((each) => ({ ...each }));
    await vi.waitFor(() => expect(tipOf(chart, "self")[0]).toBeGreaterThan(before[0]! + 50));
    await vi.waitFor(() => expect(text(chart, ".self .score")).toBe("0.720"));
    chart.series = [{ ...self, scores: [0.3, 0.35, 0.4, 0.45, 0.5] }];
    await chart.updateComplete;
    expect(all(chart, ".self .marker")).toHaveLength(5);
  });

  it("say what is to come before there is a point", async () => {
    const chart = await shown({ series: [{ ...random, scores: [], otherSeeds: [] }] });
    expect(text(chart, ".empty")).toBe("The first points appear when the first model has trained.");
    expect(all(chart, "details, .tip")).toEqual([]);
    await press(chart, "ArrowLeft", "ArrowUp");
    expect(all(chart, ".tip")).toEqual([]);
    // Who waits there for the first point walks on without leaving.
    chart.series = [random];
    await chart.updateComplete;
    await press(chart, "ArrowRight");
    expect(text(chart, "[aria-live]")).toBe("random, 120 labelled: 0.550");
  });

  it("show a name as text, whatever is in it", async () => {
    const name = `<img src=x onerror="document.title='run'">`;
    const chart = await shown({ series: [{ ...asm, name }] });
    expect(all(chart, "img")).toEqual([]);
    expect(text(chart, "thead th:nth-child(2)")).toBe(name);
  });

  it.each(["light", "dark"])("break no rule of accessibility, %s", async (theme) => {
    document.documentElement.dataset.theme = theme;
    const chart = await shown({ lit: "self-random" });
    all<HTMLDetailsElement>(chart, "details")[0]!.open = true;
    await press(chart);
    const { violations } = await axe.run(chart);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    delete document.documentElement.dataset.theme;
  });
});
