/// <reference lib="dom" />
import { droppedEntries, type DroppedFile } from "../../../web/data/dropped_entries.ts";
import { filesFromDrop, filesFromInput } from "../../../web/page/dropped_files.ts";
import { svgToPng } from "../../../web/page/svg_to_png.ts";

/** What a test calls in a page: what is dropped or chosen becomes texts by path, in `window.texts`. */
const texts = async (files: readonly DroppedFile[]) => {
  const entries = await droppedEntries(files, "dropped");
  return Object.fromEntries(entries.map(({ path, bytes }) => [path, new TextDecoder().decode(bytes)]));
};

addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  Object.assign(globalThis, { texts: filesFromDrop(event.dataTransfer!).then(texts) });
});

const input = document.createElement("input");
input.type = "file";
input.webkitdirectory = true;
input.addEventListener("change", () => Object.assign(globalThis, { texts: texts(filesFromInput(input.files!)) }));
document.body.append(input);

/** The size of a picture, and its colour in the middle. */
async function pictureOf(svg: string): Promise<{ type: string; width: number; height: number; middle: number[] }> {
  const blob = await svgToPng(svg);
  const bitmap = await createImageBitmap(blob);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext("2d")!;
  context.drawImage(bitmap, 0, 0);
  const middle = [...context.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data];
  return { type: blob.type, width: bitmap.width, height: bitmap.height, middle };
}
Object.assign(globalThis, { pictureOf });
