import { whyNotOpen } from '../domain/byTheHour.js';
import { Refusal } from '../domain/errors.js';
import type { Noso, Venue } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import type { Taken } from '../domain/seating.js';
import type { Engine } from '../engine/engine.js';
import type { Seat } from '../protocol/wire.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import type { Pass, Passes } from './passes.js';
import type { Tokens } from './tokens.js';

/** Whoever shows a number token; `noso`: where alone it is good, null for one that is kept (A8). */
export type Holder = { number: number; noso: string | null };

/** Somewhere to sit. */
export type Place = { noso: Noso; venue: Venue };

/** A seat as its phone is told of it, and as the engine knows it. */
export type Seated = { seat: Seat; taken: Taken };

export type Desk = ReturnType<typeof createDesk>;

/** What whoever comes in and whoever comes back both show, and are shown. Throws `Refusal`s. */
export function createDesk(deps: {
  engine: Pick<Engine, 'now'>;
  catalogue: Catalogue;
  tokens: Tokens;
  passes: Passes;
}) {
  const { engine, catalogue, tokens, passes } = deps;

  const place = (id: string): Place | null => {
    const noso = catalogue.noso(id);
    const venue = noso && catalogue.venue(noso.venue);
    return noso && venue ? { noso, venue } : null;
  };

  /** A NoSo that this node may not have heard of yet is looked for once before it is denied. */
  async function find(id: string): Promise<Place> {
    if (!catalogue.noso(id)) await catalogue.refresh();
    const found = place(id);
    if (!found) throw new Refusal('not_found', 'no such NoSo');
    return found;
  }

  function demandPass(pass: string): Pass {
    const read = passes.read(pass);
    if (!read) throw new Refusal('bad_code.pass', 'unknown or expired pass');
    return read;
  }

  function demandHolder(token: string): Holder {
    const claims = tokens.verify('number', token);
    if (!claims) throw new Refusal('unauthorized.invalid', 'not a valid number token');
    return { number: claims.number, noso: claims.noso ?? null };
  }

  /** A token that is not kept opens nothing elsewhere (A8). */
  function demandHere(holder: Holder, noso: string): void {
    if (holder.noso !== null && holder.noso !== noso) {
      throw new Refusal('forbidden.noso', 'this number was not kept: it is of another NoSo');
    }
  }

  const tokenFor = (number: number, noso: Noso, keep: boolean) =>
    keep ? tokens.number(number) : tokens.numberAt(number, noso.id, noso.startsAt);

  /** An open NoSo, and how long its numbers are; this node may not have heard of its opening yet. */
  async function findOpen(id: string): Promise<Place & { digits: number }> {
    const known = catalogue.noso(id)?.life.is;
    if (known !== 'open') await catalogue.refresh();
    const { noso, venue } = await find(id);
    if (noso.life.is !== 'open') throw whyNotOpen(noso, engine.now());
    return { noso, venue, digits: noso.life.digits };
  }

  function viewSeat(noso: Noso, taken: Taken): Seat {
    return {
      noso: noso.id,
      number: spell(taken.number),
      pass: passes.seat(noso.id, taken.number, taken.sitting, noso.startsAt),
      since: iso(taken.since),
      endsAt: iso(noso.endsAt),
      serverTime: engine.now(),
      returnCode: passes.returnCode(noso.id, taken.number, taken.sitting),
    };
  }

  return { place, find, findOpen, demandPass, demandHolder, demandHere, tokenFor, viewSeat };
}
