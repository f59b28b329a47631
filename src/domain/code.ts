/** A new code every 15 s … */
export const STEP = 15_000;
/** … accepted for 60 s from its first showing: the step it appears in, and three more. */
const STEPS_ACCEPTED = 4;

/** The step during which a code shows, at `now`. With `entry: 'link'` there is only step 0. */
export const stepAt = (entry: 'code' | 'link', now: number): number =>
  entry === 'link' ? 0 : Math.floor(now / STEP);

/** The steps whose codes are accepted at `now`, the newest first. */
export function stepsAccepted(entry: 'code' | 'link', now: number): number[] {
  const step = stepAt(entry, now);
  if (entry === 'link') return [step];
  return Array.from({ length: STEPS_ACCEPTED }, (_, k) => step - k);
}

/** End of acceptance of the code of `step`; `endsAt` is the NoSo's. */
export const validUntil = (entry: 'code' | 'link', step: number, endsAt: number): number =>
  entry === 'link' ? endsAt : (step + STEPS_ACCEPTED) * STEP;
