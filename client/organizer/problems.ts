// What went wrong, in the reader's words. The server's `detail` is for people who write clients; it
// is read here only to tell apart what deserves a sentence of its own.
import { Problem } from './api.js';
import type { Desk } from './desk.js';

/** Refusals that say more than their code does; a detail that none of these knows stays general. */
function known(desk: Desk, problem: Problem): string | null {
  const { w, t, figure } = desk;
  const { detail } = problem;
  const seats = /^capacity: (\d+) seats/.exec(detail);
  if (seats) return t(w.problems.capacity, { figure: figure(Number(seats[1])) });
  if (/^another NoSo is open/.test(detail)) return w.problems.venueTaken;
  if (/^its end has passed/.test(detail)) return w.problems.endPassed;
  if (/^endsAt: must be in the future/.test(detail)) return w.problems.endPast;
  if (/^endsAt: must be after/.test(detail)) return w.problems.endBefore;
  if (/^endsAt: at most 24 h/.test(detail)) return w.problems.tooLong;
  if (problem.noso) return t(w.problems.already, { state: w.states[problem.noso.state] });
  return null;
}

/** One calm sentence for a person. */
export function inWords(desk: Desk, error: unknown): string {
  const { w, t } = desk;
  if (!(error instanceof Problem)) throw error;
  const special = error.code === 'conflict' || error.code === 'bad_request';
  const said = special ? known(desk, error) : null;
  if (said) return said;
  const byCode: Record<string, string> = w.problems.codes;
  return t(byCode[error.code] ?? w.problems.codes.unknown, { n: error.retryAfter ?? 5 });
}

/** The field that a `bad_request` is about, if its detail names one: `endsAt: must be …`. */
export function fieldOf(error: unknown): string | null {
  if (!(error instanceof Problem) || error.code !== 'bad_request') return null;
  return /^"?([A-Za-z]+)"?\b/.exec(error.detail)?.[1] ?? null;
}
