// What went wrong, in the reader's words: of the refusal's code and reason, never of its prose.
import { Problem } from './consoleApi.js';
import type { Desk } from './consoleDesk.js';

/** Refusals that say more than their code does; a reason that is not here stays general. */
function known(desk: Desk, problem: Problem): string | null {
  const { w, t, figure } = desk;
  const { noso } = problem;
  switch (`${problem.code}.${problem.reason}`) {
    case 'conflict.count':
      return noso?.count == null ? null : t(w.problems.capacity, { figure: figure(noso.count) });
    case 'conflict.other_open':
      return w.problems.venueTaken;
    case 'conflict.end_past':
      return noso?.state === 'scheduled' ? w.problems.endPassed : w.problems.endPast;
    case 'conflict.state':
      return noso && t(w.problems.already, { state: w.states[noso.state] });
    case 'bad_request.past':
      return problem.field === 'startsAt' ? w.problems.startPast : w.problems.endPast;
    case 'bad_request.far':
      return w.problems.startFar;
    case 'bad_request.order':
      return w.problems.endBefore;
    case 'bad_request.length':
      return w.problems.tooLong;
    case 'bad_code.pairing':
      return w.problems.pairingGone;
    default:
      return null;
  }
}

/** One calm sentence for a person, whatever was thrown. */
export function inWords(desk: Desk, error: unknown): string {
  const { w, t } = desk;
  if (!(error instanceof Problem)) return w.problems.codes.unknown;
  const said = known(desk, error);
  if (said) return said;
  const byCode: Record<string, string> = w.problems.codes;
  return t(byCode[error.code] ?? w.problems.codes.unknown, { n: error.retryAfter ?? 5 });
}

/** The field that a `bad_request` is about, if it names one. */
export const fieldOf = (error: unknown): string | null =>
  error instanceof Problem ? (error.reason === 'pairing' ? 'pairing' : error.field) : null;
