/** Whole numbers only: "12" and not "1e1"; null for anything else. */
export const whole = (typed: string): number | null =>
  /^\d{1,7}$/.test(typed) ? Number(typed) : null;
