/** Numbers, of which the least comes first. */
export class NumberHeap {
  readonly #values: number[] = [];

  push(value: number): void {
    const values = this.#values;
    let place = values.length;
    values.push(value);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (values[parent]! <= value) break;
      values[place] = values[parent]!;
      place = parent;
    }
    values[place] = value;
  }

  pop(): number | undefined {
    const values = this.#values;
    const least = values[0];
    const last = values.pop();
    if (last === undefined || values.length === 0) return least;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= values.length) break;
      if (child + 1 < values.length && values[child + 1]! < values[child]!) child++;
      if (values[child]! >= last) break;
      values[place] = values[child]!;
      place = child;
    }
    values[place] = last;
    return least;
  }
}
