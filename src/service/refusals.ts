import { ERRORS, Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import { readCode } from '../protocol/spelling.js';
import type { Failure, Grounds, Problem, Refused } from '../protocol/wire.js';

/*
 * A refusal on its way out: what a fault becomes, and the two forms in which a refusal leaves, one
 * for HTTP and one for sockets. Nothing else writes either.
 */

/** What went wrong, in the table's words. What the table has no word for is a fault of ours. */
export function asRefusal(error: unknown, onError: (error: unknown) => void): Refusal {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  if (status === 404) return new Refusal('not_found', 'no such address');
  if (status === 413) return new Refusal('too_large', 'bodies may be 16 KiB');
  if (status !== null && status >= 400 && status < 500) {
    return new Refusal('bad_request', 'the address must be well formed');
  }
  onError(error);
  return new Refusal('unavailable.fault', undefined, 3);
}

/** The status that express puts on errors of the client's making. */
const statusOf = (error: unknown): number | null =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number'
    ? error.status
    : null;

/*
 * Field by field: of what is spread into a literal the compiler does not ask whether the contract
 * knows it.
 */
function said({ code, reason, retryAfter }: Refusal): Grounds {
  const grounds: Grounds = { code };
  if (reason !== undefined) grounds.reason = reason;
  if (retryAfter !== undefined) grounds.retryAfter = retryAfter;
  return grounds;
}

/** As a `connect_error` carries it. */
export function connectErrorOf(refusal: Refusal): Refused {
  const refused: Refused = said(refusal);
  if (refusal.detail !== undefined) refused.detail = refusal.detail;
  return refused;
}

/** As RFC 9457 has it. */
export const problemOf = (refusal: Refusal): Problem => ({
  type: 'about:blank',
  title: refusal.code,
  status: ERRORS[refusal.code].status,
  ...connectErrorOf(refusal),
  ...refusal.also,
});

/** As a failed ack says it. */
export const failureOf = (refusal: Refusal): Failure => ({ ok: false, ...said(refusal) });

/** A code that opens nothing: it cannot be one, or it has gone by. */
export const badCode = (typed: string): Refusal =>
  readCode(typed) === null
    ? new Refusal('bad_code.not_a_code', 'not a code')
    : new Refusal('bad_code.gone_by', 'unknown or expired code');

/** What is refused to whoever comes to a NoSo that is not open. */
export function over({ life }: Noso): Refusal {
  if (life.is === 'scheduled') return new Refusal('not_open.not_yet', 'the NoSo is not open yet');
  return life.is === 'cancelled'
    ? new Refusal('not_open.cancelled', 'the NoSo is cancelled')
    : new Refusal('not_open.closed', 'the NoSo is closed');
}
