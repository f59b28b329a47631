/** Milliseconds. */
const TIMEOUT = 8000;

export type Answer = { status: number; body: unknown; retryAfter: number | null };

/** Asks the server, or null if it did not answer in time. Never throws. */
export async function ask(path: string, post?: object): Promise<Answer | null> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT);
  try {
    const response = await fetch(path, {
      signal: abort.signal,
      ...(post && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(post),
      }),
    });
    const body: unknown = await response.json().catch(() => null);
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return {
      status: response.status,
      body,
      retryAfter: Number.isFinite(seconds) ? seconds : null,
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** A text field of an answer's body, or null. */
export function textIn(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : null;
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
