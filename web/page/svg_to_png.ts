import { Failure } from "../../src/errors.ts";

/**
 * An SVG document as a PNG picture, in `scale` times its size. It draws with the fonts of this computer and loads nothing.
 *
 * @throws Failure where the browser cannot draw it
 */
export async function svgToPng(svg: string, scale = 2): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode().catch(() => {
      throw new Failure("this browser cannot draw the picture. Save it as SVG");
    });
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * scale);
    canvas.height = Math.round(image.naturalHeight * scale);
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
    if (!blob) throw new Failure("the picture is too large for this browser. Save it as SVG");
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
