let context: CanvasRenderingContext2D | undefined;
const widths = new Map<string, number>();

/** How wide a text is in a CSS `font`, in pixels. */
export function textWidth(text: string, font: string): number {
  const key = `${font}\n${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    context ??= document.createElement("canvas").getContext("2d")!;
    context.font = font;
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/** The text, or as much of its beginning as `room` pixels hold, and an ellipsis. */
export function fitted(text: string, font: string, room: number): string {
  if (textWidth(text, font) <= room) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, font) > room) characters.pop();
  return `${characters.join("")}…`;
}
