// Lists in pages: what comes after a cursor that the page before ended with.
import { Refusal } from '../domain/errors.js';

/** For comparing names, whatever their case and form. */
export const fold = (text: string) => text.normalize('NFKC').toLowerCase();

/** Where a page of a list ends: by a time (ms), then by id. */
export type Place = { startsAt: number; id: string };

export const isAfter = (noso: Place, { startsAt, id }: Place): boolean =>
  noso.startsAt > startsAt || (noso.startsAt === startsAt && noso.id > id);

export const writeCursor = ({ startsAt, id }: Place) =>
  Buffer.from(JSON.stringify([startsAt, id])).toString('base64url');

/** Throws `bad_request` where it is none of ours. */
export function readCursor(cursor: string): Place {
  try {
    const [startsAt, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (typeof startsAt === 'number' && typeof id === 'string') return { startsAt, id };
  } catch {
    // not one of ours: said below
  }
  throw new Refusal('bad_request', 'cursor: not one that this server gave', undefined, {
    field: 'cursor',
  });
}
