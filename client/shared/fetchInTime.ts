/** What the server answered: its status, what its JSON says (null without any), and its headers. */
export type Answered = { status: number; ok: boolean; body: unknown; headers: Headers };

/**
 * One request of our own server, with our cookies. Null where there is no network, no answer within
 * `patience` ms, or only a part of one. Never rejects.
 */
export async function fetchInTime(
  method: string,
  path: string,
  {
    body,
    patience,
    token,
  }: { body?: object | undefined; patience: number; token?: string | undefined },
): Promise<Answered | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(path, {
      method,
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const { status, ok, headers } = response;
    return { status, ok, headers, body: read(await response.text()) };
  } catch {
    return null; // a fetch that fails says no more than this
  } finally {
    clearTimeout(timer);
  }
}

/** What JSON says; null for what is none: a proxy's page, or nothing. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
