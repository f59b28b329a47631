import { randomInt, randomUUID } from 'node:crypto';
import { whyNotOpen } from '../../domain/byTheHour.js';
import { Refusal } from '../../domain/errors.js';
import {
  type By,
  decide,
  type Facts,
  type Noso,
  type NosoCommand,
  voidedAt,
} from '../../domain/noso.js';
import { totalsAt } from '../../domain/record.js';
import { unavailable } from '../deadline.js';
import { readDocument, spellDocument } from '../documents.js';
import type { Calls } from './calls.js';
import { KEPT_AFTER_END, type Keys, liveKeys } from './keys.js';
import { readTally } from './liveReply.js';
import { ATTEMPTS, type Catalogue, type Read } from './redisCatalogue.js';
import type { Reply } from './reply.js';
import { AMEND, BURY, FOUND, LOOK, SEAL } from './scripts/lifecycleLua.js';

/** Epochs in a millisecond (epochLua.ts). */
const EPOCHS = 65_536;
/** How long after its end a NoSo that nobody closed may still be changed, in ms. */
const OVERDUE = KEPT_AFTER_END / 2;

const NONE = (): never => {
  throw new Error('there is nothing to total');
};

/**
 * How a NoSo is opened, changed and closed, when the catalogue and the NoSo's live state may be on
 * different shards, and a node may die between any two steps.
 *
 * While it is open, the live state is the authority: it holds the document too, so that changes and
 * closing are decided together with its seats. The catalogue has a copy.
 * - *Opening*: the catalogue's document is replaced (this is the moment), then the live state is
 *   founded. Whoever finds an open NoSo without one founds it.
 * - *Amending*: the live state is changed (the moment), then the copy is.
 * - *Closing*: the live state is sealed (the moment: no seat is taken after it, and all numbers are
 *   gone), then the record is published, then the rest is buried. Whoever finds a sealed one goes on
 *   from there, to the same record.
 */
export class Lifecycle {
  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly catalogue: Catalogue,
    /** A NoSo closed: what this node remembers of it is to go, and Redis' files to be rewritten. */
    private readonly onClosed: (noso: Noso) => void,
    /** Who meant to come is forgotten: Redis' files are to be rewritten. */
    private readonly onForgotten: () => void,
  ) {}

  async command(id: string, command: NosoCommand): Promise<Noso> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await this.catalogue.read(id);
      if (!read) throw new Refusal('not_found');
      const done =
        read.noso.life.is === 'open'
          ? await this.commandOpen(read, command)
          : await this.commandOther(read, command);
      if (done) return done;
    }
    throw unavailable('this NoSo is being changed all the time');
  }

  /** Null: something changed meanwhile, decide again. */
  private async commandOther(read: Read, command: NosoCommand): Promise<Noso | null> {
    const { now, openAtVenue, drawn, intents } = read;
    const next = decide(read.noso, command, {
      now,
      openAtVenue,
      drawn,
      intents,
      count: 0,
      totals: NONE,
    });
    if (!(await this.catalogue.replace(read, next))) return null;
    if (intents > 0 && next.life.is !== 'scheduled') this.onForgotten();
    if (next.life.is === 'open') await this.found(next, read.version + 1, now);
    return next;
  }

  private async commandOpen(read: Read, command: NosoCommand): Promise<Noso | null> {
    const { id } = read.noso;
    const look = await this.calls.run(LOOK, liveKeys(this.keys.noso(id)), []);
    switch (look.text(0)) {
      case 'ok':
        break;
      case 'settling':
        throw unavailable('what a loss undid is being put back');
      case 'missing':
        await this.found(read.noso, read.version, read.now);
        return null;
      case 'sealed':
        await this.finish(id);
        return null;
      default:
        return null;
    }
    const noso = readDocument('noso', id, look.text(6));
    const version = look.number(5);
    if (version > read.version) await this.catalogue.publish(noso, version);
    const facts = {
      now: look.number(3) - look.number(8),
      openAtVenue: id,
      drawn: 0,
      intents: 0,
      count: look.number(7),
      totals: NONE,
    };
    if (command.do === 'close') return this.close(id, command);
    if (facts.now > noso.endsAt + OVERDUE) {
      // Its seats are about to go (keys.ts): it is too late to extend it.
      await this.close(id, { do: 'close', by: 'schedule' });
      return null;
    }
    const next = decide(noso, command, facts);
    const { endsAt, capacity, startsAt } = next;
    const args = [
      version,
      spellDocument(next),
      endsAt,
      capacity ?? '',
      startsAt,
      voidedAt(next) ?? '',
    ];
    const reply = await this.calls.run(AMEND, liveKeys(this.keys.noso(id)), args);
    if (reply.text(0) !== 'ok' || reply.number(5) !== 1) return null;
    await this.catalogue.publish(next, version + 1);
    return next;
  }

  private async close(id: string, command: NosoCommand & { do: 'close' }): Promise<Noso | null> {
    const token = randomUUID();
    const sealed = await this.calls.run(SEAL, liveKeys(this.keys.noso(id)), [command.by, token]);
    if (sealed.text(0) === 'early') throw new Refusal('conflict.state', 'its end has not come');
    if (sealed.text(0) !== 'sealed') return null;
    const done = await this.publishRecord(id, sealed);
    // Somebody else was first: to whom asks now, it is closed already.
    return sealed.text(12) === token ? done : null;
  }

  /** Makes sure that a NoSo whose record is written stays buried, whatever Redis lost since. */
  async buryAgain(id: string): Promise<void> {
    await this.bury(id, 'again');
  }

  private async bury(id: string, when: 'again' | ''): Promise<void> {
    const { keys } = this;
    const rationed = [keys.rationed(id, 'ways'), keys.rationed(id, 'tries')];
    await this.calls.run(BURY, [...liveKeys(keys.noso(id)), ...rationed], [when]);
  }

  /** Goes on with a close that was begun, if there is one. */
  async finish(id: string): Promise<void> {
    const look = await this.calls.run(LOOK, liveKeys(this.keys.noso(id)), []);
    if (look.text(0) !== 'sealed') return;
    const sealed = await this.calls.run(SEAL, liveKeys(this.keys.noso(id)), ['organizer', '']);
    if (sealed.text(0) === 'sealed') await this.publishRecord(id, sealed);
  }

  /** From what was sealed, and from nothing else: any node comes to the same. */
  private async publishRecord(id: string, sealed: Reply): Promise<Noso> {
    const now = sealed.number(1);
    const by = sealed.text(2) === 'schedule' ? 'schedule' : 'organizer';
    const noso = readDocument('noso', id, sealed.text(4));
    const tally = readTally(sealed, 5, {
      beganAt: Number(sealed.maybe(14) ?? 0),
      byHand: Number(sealed.maybe(15) ?? 0),
    });
    const off = Number(sealed.maybe(13) ?? 0);
    const totals = (at: number) => totalsAt(tally, at);
    const facts = { now, openAtVenue: id, drawn: 0, intents: 0, count: tally.count, totals };
    const next = closedBy(noso, by, facts, off);
    await this.catalogue.publish(next, sealed.number(3) + 1);
    await this.bury(id, '');
    this.onClosed(next);
    return next;
  }

  /** Gives an open NoSo its live state where it has none. `readAt`: when it was read to be open. */
  private async found(noso: Noso, version: number, readAt: number): Promise<string> {
    if (noso.life.is !== 'open') throw new Error('only an open NoSo is founded');
    const { startsAt, endsAt, capacity, pocket } = noso;
    const args = [readAt, spellDocument(noso), version, noso.life.openedAt, endsAt];
    const terms = [capacity ?? '', pocket === null ? '' : pocket * 1000, startsAt];
    terms.push(randomInt(EPOCHS));
    const reply = await this.calls.run(FOUND, liveKeys(this.keys.noso(noso.id)), [
      ...args,
      ...terms,
    ]);
    return reply.text(0);
  }

  /**
   * Gives a NoSo that was found without a live state one, if it is open. Throws `not_open` where it
   * is not, `not_found` where there is no such NoSo.
   */
  async revive(id: string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const read = await this.catalogue.read(id);
      if (read?.noso.life.is !== 'open') throw whyNotOpen(read?.noso ?? null, read?.now ?? 0);
      const founded = await this.found(read.noso, read.version, read.now);
      if (founded === 'there') return;
      if (founded === 'closed') throw closed();
    }
    throw unavailable('this NoSo is being opened and closed all the time');
  }
}

/**
 * Closed by its own time, in which its record is in order; what screens are to do, by the nodes'.
 * `off` is how far the former is ahead of the latter.
 */
function closedBy(noso: Noso, by: By, facts: Facts, off: number): Noso {
  const inside = { ...noso, startsAt: noso.startsAt + off, endsAt: noso.endsAt + off };
  const { life } = decide(inside, { do: 'close', by }, facts);
  if (life.is !== 'closed') throw new Error('a close that does not close');
  return { ...noso, life: { ...life, effectiveAt: life.effectiveAt - off } };
}

/** Not open any more. */
export const closed = (detail = 'the NoSo is closed'): Refusal =>
  new Refusal('not_open.closed', detail);
