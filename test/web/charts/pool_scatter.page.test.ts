/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import axe from "axe-core";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { inksOf } from "../../../web/charts/inks.ts";
import { dotRadius, PointPainter } from "../../../web/charts/point_painter.ts";
import { poolPoints } from "../../../web/charts/pool_points.ts";
import "../../../web/charts/pool_scatter.ts";
import type { PoolScatter } from "../../../web/charts/pool_scatter.ts";
import { panned, placement, wholePlane } from "../../../web/charts/viewport.ts";
import type { RoundView } from "../../../web/engine/api.ts";
import { adoptTheme, dark, light } from "../../../web/page/theme.ts";
import { ru } from "../../../web/texts/russian.ts";
import { madeUpPool } from "./made_up.ts";

/** Three examples in a row, far from each other; the middle one is the only pick by margin. */
const row: RoundView = {
  round: 2,
  ids: ["left", "middle", "right"],
  x: Float32Array.of(-1, 0, 1),
  y: Float32Array.of(0, 0, 0),
  entropy: Float32Array.of(0.1, 0.69, 0.4),
  margin: Float32Array.of(0.95, 0.02, 0.5),
  leastConfidence: Float32Array.of(0.02, 0.49, 0.25),
  labelled: Uint8Array.of(1, 0, 0),
  picks: { margin: [1], entropy: [1, 2] },
};

async function shown(properties: Partial<PoolScatter> = {}): Promise<PoolScatter> {
  const room = document.createElement("div");
  room.style.width = "600px";
  const scatter = document.createElement("pool-scatter");
  Object.assign(scatter, { view: row, strategy: "entropy" }, properties);
  room.append(scatter);
  document.body.append(room);
  await painted(scatter);
  return scatter;
}

async function painted(scatter: PoolScatter): Promise<void> {
  await scatter.updateComplete;
  for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
}

function all<E extends Element = HTMLElement>(scatter: PoolScatter, selector: string): E[] {
  return [...scatter.renderRoot.querySelectorAll<E>(selector)];
}

function text(scatter: PoolScatter, selector: string): string {
  return all(scatter, selector).map((each) => each.textContent!.replaceAll(/\s+/g, " ").trim()).join("|");
}

function plane(scatter: PoolScatter): HTMLElement {
  return all(scatter, ".plane")[0]!;
}

/** The colour of the pool's canvas at a place of the plane, as a share of its width and height. */
function colourAt(scatter: PoolScatter, across: number, down: number): string {
  const canvas = all<HTMLCanvasElement>(scatter, "canvas")[0]!;
  const [x, y] = [Math.round(canvas.width * across), Math.round(canvas.height * down)];
  const bytes = canvas.getContext("2d")!.getImageData(x, y, 1, 1).data.slice(0, 3);
  return `#${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Whether anything is painted over the pool there. */
function markedAt(scatter: PoolScatter, across: number, down: number): boolean {
  const canvas = all<HTMLCanvasElement>(scatter, "canvas")[1]!;
  const [x, y] = [Math.round(canvas.width * across), Math.round(canvas.height * down)];
  return canvas.getContext("2d")!.getImageData(x - 12, y - 12, 24, 24).data.some((byte) => byte > 0);
}

function point(scatter: PoolScatter, type: string, left: number, top: number, more: PointerEventInit = {}): void {
  const box = plane(scatter).getBoundingClientRect();
  plane(scatter).dispatchEvent(
    new PointerEvent(type, { clientX: box.left + left, clientY: box.top + top, pointerId: 1, button: 0, ...more }),
  );
}

function turnWheel(scatter: PoolScatter, deltaY: number, left: number, top: number): WheelEvent {
  const box = plane(scatter).getBoundingClientRect();
  const event = new WheelEvent("wheel", { deltaY, clientX: box.left + left, clientY: box.top + top, cancelable: true });
  plane(scatter).dispatchEvent(event);
  return event;
}

async function press(scatter: PoolScatter, ...keys: (string | KeyboardEventInit)[]): Promise<void> {
  plane(scatter).focus();
  for (const key of keys) {
    const init = typeof key === "string" ? { key } : key;
    plane(scatter).dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true }));
    await scatter.updateComplete;
  }
}

function chosenBy(scatter: PoolScatter): string[] {
  const chosen: string[] = [];
  scatter.addEventListener("example-chosen", (event) => chosen.push((event as CustomEvent<{ id: string }>).detail.id));
  return chosen;
}

const said = (scatter: PoolScatter) => text(scatter, "[aria-live]");

beforeAll(() => adoptTheme(document));
afterEach(() => {
  document.body.replaceChildren();
  delete document.documentElement.dataset.theme;
});

describe("the pool as a scatter", () => {
  it("paints a point for each example, by how unsure the model is of it", async () => {
    const scatter = await shown();
    const { ramp } = inksOf(scatter);
    const half = scatter.offsetWidth / 2;
    const [first, last] = [22 / (2 * half), 1 - 22 / (2 * half)];
    expect(colourAt(scatter, 0.5, 0.5)).toBe(ramp[31]);
    expect(colourAt(scatter, last, 0.5)).toBe(ramp[Math.floor(0.4 / Math.LN2 * 32)]);
    expect(colourAt(scatter, first, 0.5)).toBe(light.surface); // labelled: hollow
    expect(colourAt(scatter, 0.75, 0.5)).toBe(light.surface);
    scatter.colourBy = "margin";
    await vi.waitFor(() => expect(colourAt(scatter, last, 0.5)).toBe(ramp[16]));
  });

  it("lights what a strategy picks, and rings the selected one", async () => {
    const scatter = await shown({ strategy: "margin" });
    expect([0.037, 0.5, 0.963].map((across) => markedAt(scatter, across, 0.5))).toEqual([false, true, false]);
    scatter.strategy = "entropy";
    await painted(scatter);
    expect([0.037, 0.5, 0.963].map((across) => markedAt(scatter, across, 0.5))).toEqual([false, true, true]);
    Object.assign(scatter, { strategy: "none", selected: "left" });
    await painted(scatter);
    expect([0.037, 0.5, 0.963].map((across) => markedAt(scatter, across, 0.5))).toEqual([true, false, false]);
  });

  it("takes on the theme when it changes", async () => {
    const scatter = await shown();
    document.documentElement.dataset.theme = "dark";
    await vi.waitFor(() => expect(colourAt(scatter, 0.75, 0.5)).toBe(dark.surface));
    document.documentElement.dataset.theme = "light";
    await vi.waitFor(() => expect(colourAt(scatter, 0.75, 0.5)).toBe(light.surface));
  });

  it("has as many pixels as the screen", async () => {
    const scatter = await shown();
    for (const canvas of all<HTMLCanvasElement>(scatter, "canvas")) {
      expect(canvas.width).toBe(Math.round(plane(scatter).clientWidth * devicePixelRatio));
      expect(canvas.height).toBe(Math.round(plane(scatter).clientHeight * devicePixelRatio));
    }
  });

  it("says the pool in a sentence, and in quarters", async () => {
    const scatter = await shown({ view: madeUpPool(1000, 3) });
    expect(text(scatter, "#summary")).toMatch(
      /^The pool before the picks of round 3: 1,000 examples, 20 labelled, 20 picks by entropy\. Mean entropy \(nats\) of the unlabelled: 0\.\d\d\.$/,
    );
    expect(plane(scatter).getAttribute("aria-describedby")).toContain("summary");
    expect(text(scatter, "tbody td:last-child")).toBe("20|0|0|0");
    expect(text(scatter, "tbody td:nth-child(3)")).toBe("250|250|250|250");
  });

  it("speaks another language", async () => {
    const scatter = await shown({ words: ru.charts.scatter });
    expect(text(scatter, "#summary")).toContain("3 примера, размечено 1, стратегия entropy выбирает 2.");
    expect(text(scatter, ".legend")).toContain("неуверенно");
  });

  it("opens the example that is clicked, within a finger's reach of it, and none elsewhere", async () => {
    const scatter = await shown();
    const chosen = chosenBy(scatter);
    const [middle, half] = [plane(scatter).clientWidth / 2, plane(scatter).clientHeight / 2];
    const click = (left: number, pointerType = "mouse") => {
      point(scatter, "pointerdown", left, half, { pointerType });
      point(scatter, "pointerup", left, half, { pointerType });
    };
    click(middle + 3);
    click(42);
    expect(chosen).toEqual(["middle"]);
    click(42, "touch");
    expect(chosen).toEqual(["middle", "left"]);
  });

  it("does not take a drag for a click, and pans by it where there is more to see", async () => {
    const scatter = await shown();
    const chosen = chosenBy(scatter);
    const [middle, half] = [plane(scatter).clientWidth / 2, plane(scatter).clientHeight / 2];
    turnWheel(scatter, -500, middle, half);
    point(scatter, "pointerdown", middle, half);
    point(scatter, "pointermove", middle + 60, half);
    point(scatter, "pointerup", middle + 60, half);
    await painted(scatter);
    expect(chosen).toEqual([]);
    expect(colourAt(scatter, 0.5 + 60 / plane(scatter).clientWidth, 0.5)).toBe(inksOf(scatter).ramp[31]);
    expect(colourAt(scatter, 0.5, 0.5)).toBe(light.surface);
  });

  it("zooms by wheel, by pinch, by buttons and by keys, and shows all again", async () => {
    const scatter = await shown();
    const isZoomed = async () => {
      await scatter.updateComplete;
      return plane(scatter).classList.contains("zoomed");
    };
    expect(turnWheel(scatter, -100, 10, 10).defaultPrevented).toBe(true);
    expect(await isZoomed()).toBe(true);
    await press(scatter, "0");
    expect(await isZoomed()).toBe(false);
    point(scatter, "pointerdown", 250, 100, { pointerType: "touch", pointerId: 7 });
    point(scatter, "pointerdown", 350, 100, { pointerType: "touch", pointerId: 8 });
    point(scatter, "pointermove", 450, 100, { pointerType: "touch", pointerId: 8 });
    point(scatter, "pointerup", 450, 100, { pointerType: "touch", pointerId: 8 });
    point(scatter, "pointerup", 250, 100, { pointerType: "touch", pointerId: 7 });
    expect(await isZoomed()).toBe(true);
    const [zoomIn, zoomOut, fit] = all(scatter, ".zoom button");
    fit!.click();
    expect(await isZoomed()).toBe(false);
    zoomIn!.click();
    expect(await isZoomed()).toBe(true);
    zoomOut!.click();
    expect(await isZoomed()).toBe(false);
    await press(scatter, "+");
    expect(await isZoomed()).toBe(true);
    await press(scatter, "-");
    expect(await isZoomed()).toBe(false);
  });

  it("leaves the wheel to the page where all is shown already", async () => {
    const scatter = await shown();
    expect(turnWheel(scatter, 100, 10, 10).defaultPrevented).toBe(false);
  });

  it("is walked by arrow keys from the selected example, and says each", async () => {
    const scatter = await shown({ selected: "left" });
    const chosen = chosenBy(scatter);
    await press(scatter);
    expect(said(scatter)).toBe("Example left, entropy (nats) 0.10, labelled.");
    await press(scatter, "ArrowRight");
    expect(said(scatter)).toBe("Example middle, entropy (nats) 0.69, pick 1 of 2.");
    await press(scatter, "ArrowRight", "ArrowRight", "ArrowUp", "Enter");
    expect(said(scatter)).toBe("Example right, entropy (nats) 0.40, pick 2 of 2.");
    expect(chosen).toEqual(["right"]);
    expect(text(scatter, ".tip p")).toBe("right|entropy (nats) 0.40 · pick 2 of 2");
  });

  it("goes through the picks by P, on any layout, both ways and around", async () => {
    const view = madeUpPool(300, 1);
    const scatter = await shown({ view });
    const picks = view.picks.entropy!.map((index) => view.ids[index]!);
    const [forth, back] = [{ key: "з", code: "KeyP" }, { key: "P", code: "KeyP", shiftKey: true }];
    await press(scatter, forth);
    expect(said(scatter)).toContain(`Example ${picks[1]},`);
    await press(scatter, back, back);
    expect(said(scatter)).toContain(`Example ${picks.at(-1)},`);
    await press(scatter, forth);
    expect(said(scatter)).toContain(`Example ${picks[0]},`);
  });

  it("brings what the keyboard is at into view", async () => {
    const scatter = await shown();
    await press(scatter, "ArrowRight", "+", "+", "+", "ArrowLeft", "ArrowLeft");
    expect(said(scatter)).toContain("Example left,");
    const tip = all(scatter, ".tip")[0]!.getBoundingClientRect();
    const box = plane(scatter).getBoundingClientRect();
    expect(tip.left).toBeGreaterThanOrEqual(box.left);
    expect(tip.right).toBeLessThanOrEqual(box.right);
  });

  it("moves each example to where the next round has it, and keeps the keyboard's place", async () => {
    const scatter = await shown();
    await press(scatter, "ArrowRight");
    expect(said(scatter)).toContain("Example right,");
    scatter.view = {
      ...row,
      round: 3,
      ids: ["right", "left", "middle"],
      x: Float32Array.of(-0.5, 0.5, 0),
      labelled: new Uint8Array(3),
      picks: {},
    };
    await scatter.updateComplete;
    expect(text(scatter, ".tip p:first-child")).toBe("right");
    const { ramp } = inksOf(scatter);
    await vi.waitFor(() =>
      expect(colourAt(scatter, 0.25 + 11 / plane(scatter).clientWidth, 0.5)).toBe(ramp[Math.floor(0.1 / Math.LN2 * 32)])
    );
  });

  it("says what is to come while there is no round to show", async () => {
    const scatter = await shown({ view: undefined });
    expect(text(scatter, ".empty")).toBe("The pool appears when a model has scored it.");
    await press(scatter, "ArrowLeft", "Enter", "+", { key: "p", code: "KeyP" });
    expect(all(scatter, ".tip, .legend, details")).toEqual([]);
    scatter.view = row;
    await painted(scatter);
    expect(colourAt(scatter, 0.5, 0.5)).toBe(inksOf(scatter).ramp[31]);
  });

  it("goes on after it was taken out of the page and put back", async () => {
    const scatter = await shown();
    const room = scatter.parentElement!;
    scatter.remove();
    room.append(scatter);
    await painted(scatter);
    const chosen = chosenBy(scatter);
    point(scatter, "pointerdown", plane(scatter).clientWidth / 2, plane(scatter).clientHeight / 2);
    point(scatter, "pointerup", plane(scatter).clientWidth / 2, plane(scatter).clientHeight / 2);
    expect(chosen).toEqual(["middle"]);
  });

  it.each(["light", "dark"])("breaks no rule of accessibility, %s", async (theme) => {
    document.documentElement.dataset.theme = theme;
    const scatter = await shown({ view: madeUpPool(500, 1) });
    all<HTMLDetailsElement>(scatter, "details")[0]!.open = true;
    await press(scatter);
    const { violations } = await axe.run(scatter);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  });

  it("paints ten thousand examples thirty times a second", () => {
    const view = madeUpPool(10_000, 1);
    const points = poolPoints(view, "entropy");
    const canvas = document.createElement("canvas");
    const frame = { width: 960, height: 540, pad: 22 };
    [canvas.width, canvas.height] = [frame.width, frame.height];
    const painter = new PointPainter(canvas);
    const inks = inksOf(document.documentElement);
    const took = Array.from({ length: 30 }, (_, index) => {
      const before = performance.now();
      const viewport = panned({ ...wholePlane, zoom: 1.2 }, frame, index, index);
      painter.paint(points, placement(viewport, frame), dotRadius(10_000, frame, 1.2), 1, inks);
      // Reads a pixel back, so that nothing of the work is put off.
      canvas.getContext("2d")!.getImageData(0, 0, 1, 1);
      return performance.now() - before;
    }).toSorted((a, b) => a - b);
    expect(took[15]).toBeLessThan(33);
  });
});
