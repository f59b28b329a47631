import { randomInt } from 'node:crypto';
import { shuffle } from '../domain/veil.js';

/** `random(n)` is an integer in [0, n), each as likely as the others. */
export type Random = (n: number) => number;

/** What nobody can foresee. Tests bring another. */
export const chance: Random = (n) => randomInt(n);

/** The same things in another order, every order as likely as the others. */
export const shuffled = <T>(things: readonly T[], random: Random): T[] =>
  shuffle([...things], random);
