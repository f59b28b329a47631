/**
 * The one table of errors: HTTP status, and whether the same request is worth sending again.
 * The codes are the contract's; no other code ever leaves the process.
 */
export const ERRORS = {
  bad_request: { status: 400, retry: 'no' },
  unauthorized: { status: 401, retry: 'no' },
  forbidden: { status: 403, retry: 'no' },
  bad_code: { status: 403, retry: 'new code' },
  not_found: { status: 404, retry: 'no' },
  conflict: { status: 409, retry: 'no' },
  not_open: { status: 409, retry: 'later' },
  full: { status: 409, retry: 'later' },
  spent: { status: 409, retry: 'no' },
  too_soon: { status: 429, retry: 'later' },
  too_large: { status: 413, retry: 'no' },
  rate_limited: { status: 429, retry: 'later' },
  unavailable: { status: 503, retry: 'later' },
} as const satisfies Record<string, { status: number; retry: 'no' | 'later' | 'new code' }>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal by a rule. `detail` is for people who write clients; pages have words of their own. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: ErrorCode,
    readonly detail?: string,
    /** Seconds, whole, at least 1. */
    readonly retryAfter?: number,
    /** Further fields of the answer: what is in the way of a `conflict`. */
    readonly also?: Record<string, unknown>,
  ) {
    super(detail ? `${code}: ${detail}` : code);
  }
}

/** Milliseconds until a retry makes sense, as the whole seconds that `retryAfter` is said in. */
export const inSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));
