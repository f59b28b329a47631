/** A wall's token comes in the fragment, and is kept so that the fragment may be lost. */
import type { Snapshot } from '../../src/protocol/wire.js';
import type { Known } from './model/scene.js';

const TOKEN = 'noso.wall';
/** What this token was good for, so that "revoked" can be told from "never worked". */
const WORKED = 'noso.wall.worked';

type Worked = Omit<Known, 'since'> & { token: string; since?: number };

/** A kiosk may forbid storage: then this page's own memory is all there is. */
const memory = new Map<string, string>();

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function keep(key: string, value: string | null): void {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/** What is kept as JSON; null where there is nothing, or nothing that can be read. */
export function recallJson<T>(key: string): T | null {
  try {
    return JSON.parse(recall(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function readToken(): string | null {
  const raw = location.hash.slice(1);
  if (raw === '') return recall(TOKEN);
  let token = raw;
  try {
    token = decodeURIComponent(raw);
  } catch {
    // Half an escape: it is what it is, and opens no wall.
  }
  keep(TOKEN, token);
  return token;
}

export const keepToken = (token: string): void => keep(TOKEN, token);

/** The token works, and this is the wall that it is for. */
export function itWorks(token: string, { wall, venue }: Snapshot): void {
  const { timeZone, utcOffset, name } = venue;
  const worked: Worked = { token, name: wall?.name || name, timeZone };
  if (utcOffset !== undefined) worked.utcOffset = utcOffset;
  const said = JSON.stringify(worked);
  if (recall(WORKED) !== said) keep(WORKED, said);
}

/** It is refused: what it was good for until now, or null if it never was. */
export function itWorked(token: string, now: number): Known | null {
  const worked = recallJson<Worked>(WORKED);
  if (worked?.token !== token) return null;
  const { token: _, since = now, ...wall } = worked;
  if (worked.since === undefined) keep(WORKED, JSON.stringify({ ...worked, since }));
  return { ...wall, since };
}
