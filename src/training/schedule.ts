/**
 * Linear warm-up, then linear decay to 0: the factor of the learning rate at a step counted from 0, as Hugging Face's
 * `get_linear_schedule_with_warmup` has it. `warmup` is the fraction of the steps that rise.
 */
export function linearSchedule(step: number, steps: number, warmup: number): number {
  const rising = Math.ceil(steps * warmup);
  if (step < rising) return step / rising;
  return Math.max(0, (steps - step) / Math.max(1, steps - rising));
}
