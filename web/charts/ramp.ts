// The colours of uncertainty. Lightness falls (on light) or rises (on dark) evenly from sure to unsure, so that the order is
// plain without hue, in print and to colour-blind readers; hue only adds to it.

/** A colour in OKLCh: lightness 0 to 1, chroma, hue in degrees. */
type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** Colours in a ramp. */
export const rampSteps = 32;

const onLight: readonly Oklch[] = [[0.76, 0.045, 235], [0.6, 0.13, 290], [0.47, 0.2, 330], [0.3, 0.13, 350]];
const onDark: readonly Oklch[] = [[0.46, 0.045, 250], [0.6, 0.16, 320], [0.75, 0.16, 45], [0.92, 0.14, 98]];

/** The ramp from sure to unsure for a scheme, {@link rampSteps} colours as "#rrggbb". */
export function uncertaintyRamp(scheme: "light" | "dark"): readonly string[] {
  const stops = (scheme === "light" ? onLight : onDark).map(oklab);
  return Array.from({ length: rampSteps }, (_, step) => hex(between(stops, step / (rampSteps - 1))));
}

type Triple = readonly [number, number, number];

function oklab([lightness, chroma, hue]: Oklch): Triple {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** Piecewise linear; the stops are placed by their lightness, so that lightness as a whole is linear. */
function between(stops: readonly Triple[], at: number): Triple {
  const first = stops[0]![0];
  const lightness = first + (stops.at(-1)![0] - first) * at;
  const next = stops.findIndex(([stop], index) => index > 0 && (lightness - stop) * (stop - first) <= 1e-12);
  const [low, high] = [stops[next - 1]!, stops[next]!];
  const share = (lightness - low[0]) / (high[0] - low[0]);
  return [lightness, low[1] + (high[1] - low[1]) * share, low[2] + (high[2] - low[2]) * share];
}

/** @see Ottosson, A perceptual color space for image processing, 2020 */
function hex([lightness, a, b]: Triple): string {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channels = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  return `#${channels.map((linear) => byte(linear).toString(16).padStart(2, "0")).join("")}`;
}

function byte(linear: number): number {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, encoded)));
}
