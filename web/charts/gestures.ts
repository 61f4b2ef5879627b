/** What pointers and the wheel ask of a plane. Places are in pixels from the element's top left corner. */
export interface GestureTarget {
  pan(right: number, down: number): void;
  zoom(factor: number, left: number, top: number): void;
  /** @param reach how far from the place a finger or a mouse may have meant */
  tap(left: number, top: number, reach: number): void;
  doubleTap(left: number, top: number): void;
  hover(left: number, top: number): void;
  leave(): void;
  /** Whether all is shown already, so that zooming out is left to the page, which may scroll. */
  readonly showsAll: boolean;
}

interface Contact {
  readonly left: number;
  readonly top: number;
}

const dragFrom = 4;
/** A wheel that was scrolling the page does not begin to zoom because the plane comes under it. */
const scrollRest = 300;

/** Reads drag, tap, pinch, hover and wheel off an element's events: give it to each of them as a listener. */
export class Gestures implements EventListenerObject {
  readonly #element: HTMLElement;
  readonly #target: GestureTarget;
  readonly #contacts = new Map<number, Contact>();
  #dragged = false;
  #scrolled = -Infinity;

  static readonly events = [
    "pointerdown",
    "pointermove",
    "pointerup",
    "pointercancel",
    "pointerleave",
    "dblclick",
    "wheel",
  ];

  constructor(element: HTMLElement, target: GestureTarget) {
    this.#element = element;
    this.#target = target;
  }

  /** Listens until the signal stops it. */
  listen(signal: AbortSignal): void {
    for (const type of Gestures.events) this.#element.addEventListener(type, this, { signal, passive: false });
    const scrolling = (event: Event) => this.#scrolled = event.timeStamp;
    addEventListener("scroll", scrolling, { signal, capture: true, passive: true });
  }

  handleEvent(event: Event): void {
    if (event instanceof WheelEvent) return this.#wheel(event);
    if (!(event instanceof PointerEvent)) return this.#doubleClick(event as MouseEvent);
    switch (event.type) {
      case "pointerdown":
        return this.#down(event);
      case "pointermove":
        return this.#move(event);
      case "pointerup":
        return this.#up(event);
      case "pointercancel":
        this.#contacts.delete(event.pointerId);
        return;
      case "pointerleave":
        return this.#target.leave();
    }
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    if (this.#contacts.size === 0) this.#dragged = false;
    this.#contacts.set(event.pointerId, this.#place(event));
    // A pointer that a test made up, or that is gone by now, cannot be captured; then it is followed as far as the edge.
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch { /* as above */ }
  }

  #move(event: PointerEvent): void {
    const before = this.#contacts.get(event.pointerId);
    const now = this.#place(event);
    if (!before) {
      if (event.pointerType !== "touch") this.#target.hover(now.left, now.top);
      return;
    }
    if (!this.#dragged && this.#contacts.size === 1 && distance(before, now) < dragFrom) return;
    this.#dragged = true;
    const other = [...this.#contacts].find(([id]) => id !== event.pointerId)?.[1];
    this.#contacts.set(event.pointerId, now);
    if (!other) return this.#target.pan(now.left - before.left, now.top - before.top);
    const middle = between(now, other);
    const was = between(before, other);
    this.#target.pan(middle.left - was.left, middle.top - was.top);
    this.#target.zoom(distance(now, other) / Math.max(1, distance(before, other)), middle.left, middle.top);
  }

  #up(event: PointerEvent): void {
    if (!this.#contacts.delete(event.pointerId) || this.#dragged || this.#contacts.size > 0) return;
    const { left, top } = this.#place(event);
    this.#target.tap(left, top, event.pointerType === "touch" ? 24 : 12);
  }

  #doubleClick(event: MouseEvent): void {
    const { left, top } = this.#place(event);
    if (!this.#dragged) this.#target.doubleTap(left, top);
  }

  #wheel(event: WheelEvent): void {
    // A pinch on a touchpad comes as a wheel with the control key.
    const pinch = event.ctrlKey || event.metaKey;
    if (!pinch && event.timeStamp - this.#scrolled < scrollRest) return;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1;
    const factor = Math.exp(-event.deltaY * lines * (pinch ? 0.01 : 0.002));
    if (factor <= 1 && this.#target.showsAll && !pinch) return;
    event.preventDefault();
    const { left, top } = this.#place(event);
    this.#target.zoom(factor, left, top);
  }

  #place({ clientX, clientY }: MouseEvent): Contact {
    const { left, top } = this.#element.getBoundingClientRect();
    return { left: clientX - left, top: clientY - top };
  }
}

function distance(a: Contact, b: Contact): number {
  return Math.hypot(a.left - b.left, a.top - b.top);
}

function between(a: Contact, b: Contact): Contact {
  return { left: (a.left + b.left) / 2, top: (a.top + b.top) / 2 };
}
