import { Refusal } from '../../domain/errors.js';
import { closing, isUnavailable, unavailable } from '../deadline.js';
import { laterVersion } from '../layouts.js';
import { type Client, type Clients, PATIENCE } from './connect.js';
import type { Hours } from './hours.js';
import { HEADER, nowOf } from './liveReply.js';
import type { Pace } from './pace.js';
import { troubleIn } from './redisTrouble.js';
import { Reply } from './reply.js';
import type { Script } from './scripts/script.js';

/** What answers of open NoSos begin with, where they say its time. */
const ANSWERS = new Set(['ok', 'settling']);

/** Seconds until this node may have been replaced. */
const LATER_RETRY = 5;

/** A later version of this program has been here: this node is to be replaced, and takes no part. */
export class Later extends Refusal {
  constructor(readonly what: string) {
    super('unavailable.not_writable', 'LATER: the store is of a later version', LATER_RETRY);
  }
}

/**
 * Sends commands, and sees to it that each is answered within `PATIENCE` or refused as
 * `unavailable`, whatever becomes of the connection.
 */
export class Calls {
  private closed = false;

  constructor(
    readonly clients: Clients,
    private readonly pace: Pace,
    private readonly hours: Hours,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Runs a script. One round trip, two where this Redis has not seen it yet. */
  async run(script: Script, keys: readonly string[], own: readonly Arg[]): Promise<Reply> {
    const asked = this.hours.steady();
    const [state = ''] = keys;
    const args = script.live ? [...own, ...this.hours.stamp(state)] : own;
    const answer = await this.send(async (client) => {
      try {
        return await client.evalsha(script.sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await client.eval(script.lua, keys.length, ...keys, ...args);
      }
    });
    const reply = new Reply(Array.isArray(answer) ? answer : [answer]);
    if (reply.length > 0 && reply.maybe(0) === 'newer') {
      const later = new Later(laterVersion(reply.text(2), reply.number(1), reply.number(3)));
      this.onError(new Error(later.what));
      throw later;
    }
    if (script.live && reply.length >= HEADER && ANSWERS.has(reply.text(0))) {
      this.hours.heard(state, nowOf(reply), asked);
    }
    return reply;
  }

  /** Sends a command, or several, within one patience. */
  async send<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.closed) throw closing();
    try {
      return await this.pace.within(PATIENCE, work(this.clients.commands));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      this.onError(error);
      throw inTheWay(error, this.clients);
    }
  }

  /** Takes no more calls, and lets go of the connections. */
  close(): void {
    this.closed = true;
    this.clients.close();
  }
}

/** Why nothing was stored, in the one word that there is for it; else that Redis does not answer. */
export function inTheWay(error: unknown, { trouble }: Pick<Clients, 'trouble'>): Refusal {
  const word = troubleIn(error) ?? trouble();
  return word === null ? unavailable() : unavailable(word, 'not_writable');
}

export type Arg = string | number;
