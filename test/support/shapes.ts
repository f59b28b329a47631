// What the contract's frames and answers consist of, written from PROTOCOL.md by hand and never from
// the types that it judges.
import * as assert from 'uvu/assert';

/** Their fields, by type. */
export const FRAMES = {
  Venue: 'id name city country timeZone address language utcOffset',
  Noso: 'id venue title startsAt endsAt state capacity entry show pocket veil opens count openedAt about gather intents series',
  Seat: 'noso number pass since endsAt serverTime returnCode',
  Code: 'code url validUntil',
  Grounds: 'code reason retryAfter',
  Refused: 'detail',
  Failure: 'ok',
  Done: 'ok',
  TokenAuth: 'token',
  PhoneAuth: 'pass back code',
  WallAuth: 'screen',
  ScreenSize: 'version width height zoom',
  ScreenShows: 'shows',
  Closed: 'noso reason',
  Snapshot:
    'venue noso epoch seq count numbersSeq numbers code effectiveAt serverTime version wall page',
  ShownWall: 'name diagonal distance walls',
  Identify: 'until',
  Count: 'epoch seq count serverTime',
  Numbers: 'epoch from seq seated gone',
  Programme: 'nosos serverTime',
  OperatorNotes: 'notes',
  OperatorNote: 'cause url',
  ConsoleCount: 'noso epoch seq count peak strained',
  DoorCount: 'noso epoch seq count capacity here',
  DoorClosed: 'noso reason',
};

/** Answers over HTTP that whoever is no organizer gets. */
const ANSWERS = {
  EntryPass: 'pass expiresAt noso',
  Entered: 'token seat keeps',
  Drawn: 'number token',
  Intent: 'noso number',
  Nosos: 'nosos next',
  Cities: 'cities',
  City: 'city country nosos',
  WaitingScreen: 'code secret expiresAt',
  DoorAnswer: 'results noso epoch seq count here',
  DoorResult: 'id ok number code reason retryAfter',
  Problem: 'type title status code reason detail retryAfter field at',
};

const SHAPES: Record<string, string> = { ...FRAMES, ...ANSWERS };
export type Shape = keyof typeof FRAMES | keyof typeof ANSWERS;

/** Fields that are objects themselves, or lists of them. Any other is a value, or a list of numbers. */
const WITHIN: Record<string, Shape> = {
  venue: 'Venue',
  wall: 'ShownWall',
  seat: 'Seat',
  notes: 'OperatorNote',
  results: 'DoorResult',
  cities: 'City',
};
const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** What a field holds, where it is an object; some names stand for an id in one shape and for more in another. */
function shapeWithin(name: string, value: unknown): Shape | undefined {
  if (name === 'noso' || (name === 'nosos' && Array.isArray(value))) return 'Noso';
  return name === 'code' ? 'Code' : WITHIN[name];
}

/**
 * Throws unless `value` has fields of that shape, and no other, all the way down: with one more
 * somebody could be told what is none of their business. `never`: those that are not for them.
 */
export function fits(value: unknown, shape: Shape, never: readonly string[] = []): void {
  const all = SHAPES[shape]?.split(' ') ?? [];
  for (const [name, held] of Object.entries(value as object)) {
    assert.ok(all.includes(name) && !never.includes(name), `${shape} has ${name}: ${held}`);
    const each = Array.isArray(held) ? held : [held];
    for (const one of each) {
      const within = isObject(one) ? shapeWithin(name, held) : undefined;
      if (within) fits(one, within, never);
      else assert.not.ok(isObject(one), `${shape}.${name} holds ${JSON.stringify(one)}`);
      if (Array.isArray(held) && !within) assert.match(String(one), /^\d+$/, `${shape}.${name}`);
    }
  }
}
