/** How a parameter begins: a constant, N(0, range), or Glorot's uniform distribution. */
export type Initializer =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly range: number }
  | { readonly kind: "xavier" };
