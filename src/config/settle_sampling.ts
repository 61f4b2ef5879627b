import { configError, keyError } from "./config_error.ts";
import type { Draft } from "./draft.ts";
import { leaf, type Node, plain } from "./node.ts";
import { FRACTION_OR_COUNT, isFractionOrCount } from "./shape.ts";

const GAMMA_OR_K = "al.gamma_or_k_confident_to_save";
const GAMMA = "al.ups.gamma";

/**
 * How the pool is subsampled before it is scored. A size without a `sampling_type` means a random sample, as the thesis's
 * text says.
 *
 * @throws InputError for a size that is missing, or that the sampling cannot take
 */
export function settleSampling(draft: Draft): void {
  if (draft.value("al.strategy") === "random") {
    const layer = draft.layer("al.strategy");
    for (const key of ["al.sampling_type", "al.ups", GAMMA_OR_K]) {
      // Two of the thesis's listings give gamma_or_k to a random run.
      draft.setAside(key, "al.strategy is random, which scores nothing", layer, { tolerated: key === GAMMA_OR_K });
    }
    draft.setValue("al.sampling_type", "none");
    draft.setValue(GAMMA_OR_K, null);
    return;
  }
  if (!draft.isGiven("al.sampling_type") && draft.isGiven(GAMMA_OR_K) && draft.value("al.sampling_type") === "none") {
    draft.notices.push(`${GAMMA_OR_K} without al.sampling_type means random`);
    draft.set("al.sampling_type", leaf("random", draft.node(GAMMA_OR_K)!.origin));
  }
  const type = draft.value("al.sampling_type");
  const because = `al.sampling_type is ${type}`;
  const layer = draft.layer("al.sampling_type");
  if (type === "ups") return settleUps(draft);
  draft.setAside("al.ups", because, layer);
  if (type === "none") {
    draft.setAside(GAMMA_OR_K, because, layer);
    draft.setValue(GAMMA_OR_K, null);
    return;
  }
  const size = draft.node(GAMMA_OR_K);
  if (!size) {
    const { place } = draft.node("al.sampling_type")!.origin;
    throw configError(`${place}: config key ${GAMMA_OR_K} is missing: ${because}, which needs ${FRACTION_OR_COUNT}`);
  }
  if (!isFractionOrCount(plain(size) as number)) {
    throw keyError(size.origin, `: found ${plain(size)}, expected ${FRACTION_OR_COUNT}`);
  }
}

/** For `ups`, gamma has two names: the later statement counts. A base's value under the general one is the size of a sample. */
function settleUps(draft: Draft): void {
  const gamma = draft.isGiven(GAMMA_OR_K) ? gammaOf(draft) : draft.node(GAMMA);
  if (!gamma) return;
  draft.set(GAMMA, gamma);
  draft.set(GAMMA_OR_K, gamma);
}

function gammaOf(draft: Draft): Node | undefined {
  const [general, own] = [draft.node(GAMMA_OR_K)!, draft.node(GAMMA)];
  const because = "al.sampling_type is ups";
  const layer = draft.layer("al.sampling_type");
  if ((plain(general) as number) > 1) {
    if (general.origin.layer >= layer) {
      throw keyError(general.origin, `: found ${plain(general)}, expected a fraction from 0 to 1: ${because}`);
    }
    draft.setAside(GAMMA_OR_K, because, layer);
    return own;
  }
  const [later, earlier] = !own || general.origin.layer >= own.origin.layer ? [general, GAMMA] : [own, GAMMA_OR_K];
  if (draft.value(earlier) !== plain(later)) {
    draft.setAside(earlier, `${later.origin.key} is given`, later.origin.layer);
  }
  return later;
}
