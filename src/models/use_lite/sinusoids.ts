/** The longest wavelength, as a multiple of the shortest. */
const LONGEST = 1e4;

/**
 * What is added to the embeddings to tell positions apart [length, width]: sines, then cosines, of the position at frequencies from 1 down
 * to 1/10000, evenly spaced in their logarithms. Vaswani et al., 2017, with the two halves side by side.
 */
export function sinusoids(length: number, width: number): Float32Array {
  const half = width / 2;
  const values = new Float32Array(length * width);
  for (let position = 0; position < length; position++) {
    for (let wave = 0; wave < half; wave++) {
      // In float32 as the pretrained model had them, which at 100 positions makes a difference in the fifth digit.
      const angle = Math.fround(position * frequency(wave, half));
      values[position * width + wave] = Math.sin(angle);
      values[position * width + half + wave] = Math.cos(angle);
    }
  }
  return values;
}

function frequency(wave: number, waves: number): number {
  return Math.fround(LONGEST ** (-wave / Math.max(1, waves - 1)));
}
