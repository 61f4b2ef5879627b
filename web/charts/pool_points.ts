import type { RoundView } from "../engine/api.ts";
import type { Measure } from "../texts/charts.ts";
import { uncertaintyLevels } from "./uncertainty.ts";

/** The pool as it is drawn: places in [-1, 1], and levels from 0 (sure) to 1 (unsure). */
export interface PoolPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly level: Float32Array;
  /** 1 where the example is labelled. */
  readonly labelled: Uint8Array;
}

export function poolPoints(view: RoundView, measure: Measure): PoolPoints {
  return { x: view.x, y: view.y, level: uncertaintyLevels(view, measure), labelled: view.labelled };
}

/** Where the points of one round come from: those of another with the same ids; a new one is where it will be. */
export function comingFrom(
  ids: readonly string[],
  points: PoolPoints,
  oldIds: readonly string[],
  old: PoolPoints,
): PoolPoints {
  const places = new Map(oldIds.map((id, index) => [id, index]));
  const take = (now: Float32Array, before: Float32Array) =>
    now.map((value, index) => before[places.get(ids[index]!) ?? -1] ?? value);
  return {
    x: take(points.x, old.x),
    y: take(points.y, old.y),
    level: take(points.level, old.level),
    labelled: points.labelled,
  };
}

/** A share of the way from one state of the points to another. */
export function onTheWay(from: PoolPoints, to: PoolPoints, share: number): PoolPoints {
  const mix = (a: Float32Array, b: Float32Array) => b.map((value, index) => a[index]! + (value - a[index]!) * share);
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), level: mix(from.level, to.level), labelled: to.labelled };
}
