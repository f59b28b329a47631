/**
 * The one table of errors: HTTP status, whether the same request is worth sending again, and the
 * reasons that tell its refusals apart; `''` where none needs to be given. Codes and reasons are the
 * contract's; what a page says, and what an operator reads, hangs on these two and never on prose.
 */
export const ERRORS = {
  bad_request: { status: 400, retry: 'no', reasons: ['', 'order', 'length', 'past', 'far'] },
  unauthorized: {
    status: 401,
    retry: 'no',
    reasons: ['missing', 'invalid', 'expired', 'revoked', 'used'],
  },
  forbidden: { status: 403, retry: 'no', reasons: ['role', 'noso', 'origin'] },
  bad_code: {
    status: 403,
    retry: 'new code',
    reasons: ['not_a_code', 'gone_by', 'pass', 'return', 'pairing'],
  },
  not_found: { status: 404, retry: 'no', reasons: ['', 'left', 'lapsed', 'voided'] },
  conflict: {
    status: 409,
    retry: 'no',
    reasons: [
      'state',
      'other_open',
      'count',
      'left',
      'lapsed',
      'pass_used',
      'voided',
      'end_past',
      'fixed',
      'sitting',
    ],
  },
  not_open: { status: 409, retry: 'later', reasons: ['not_yet', 'closed', 'cancelled'] },
  full: { status: 409, retry: 'later', reasons: [''] },
  spent: { status: 409, retry: 'no', reasons: [''] },
  too_soon: { status: 429, retry: 'later', reasons: [''] },
  too_large: { status: 413, retry: 'no', reasons: [''] },
  unsupported: { status: 415, retry: 'no', reasons: ['encoding', 'charset', 'type'] },
  rate_limited: {
    status: 429,
    retry: 'later',
    reasons: ['guesses', 'exchanges', 'draws', 'pairings', 'syncs', 'cities'],
  },
  unavailable: {
    status: 503,
    retry: 'later',
    reasons: ['no_answer', 'not_writable', 'late', 'draining', 'fault'],
  },
} as const satisfies Record<
  string,
  { status: number; retry: 'no' | 'later' | 'new code'; reasons: readonly string[] }
>;

export type ErrorCode = keyof typeof ERRORS;
type Given<C extends ErrorCode> = (typeof ERRORS)[C]['reasons'][number];
/** A reason, whichever code it belongs to. */
export type Reason = Exclude<{ [C in ErrorCode]: Given<C> }[ErrorCode], ''>;

type Dotted<C extends string, R extends string> = R extends '' ? C : `${C}.${R}`;
/** A code and its reason, in one word: `conflict.other_open`. No other pair compiles. */
export type Why = { [C in ErrorCode]: Dotted<C, Given<C>> }[ErrorCode];

/** A refusal by a rule. `detail` is for people who write clients; pages have words of their own. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly reason: Reason | undefined;
  constructor(
    readonly why: Why,
    readonly detail?: string,
    /** Seconds, whole, at least 1. */
    readonly retryAfter?: number,
    /** Further fields of the answer: what is in the way of a `conflict`. */
    readonly also?: Record<string, unknown>,
  ) {
    super(detail ? `${why}: ${detail}` : why);
    const [code, reason] = why.split('.');
    this.code = code as ErrorCode;
    this.reason = reason as Reason | undefined;
  }
}

/** Milliseconds until a retry makes sense, as the whole seconds that `retryAfter` is said in. */
export const inSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
