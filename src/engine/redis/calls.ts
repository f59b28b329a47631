import { Refusal } from '../../domain/errors.js';
import { isUnavailable, unavailable } from '../deadline.js';
import { laterVersion } from '../layouts.js';
import { type Client, type Clients, PATIENCE } from './connect.js';
import type { Pace } from './pace.js';
import type { Script } from './scripts/script.js';

/** What a script answered: a list of strings and integers. Reading it wrongly is a fault of ours. */
export class Reply {
  constructor(private readonly items: readonly unknown[]) {}
  get length(): number {
    return this.items.length;
  }
  text(at: number): string {
    const item = this.items[at];
    if (typeof item === 'string') return item;
    if (typeof item === 'number') return String(item);
    throw new Error(`script: no text at ${at}`);
  }
  number(at: number): number {
    const item = this.items[at];
    if (item === null || item === undefined || item === '')
      throw new Error(`script: nothing at ${at}`);
    return Number(item);
  }
  /** Null where the script said nothing (Lua's false). */
  maybe(at: number): string | null {
    return this.items[at] === null || this.items[at] === undefined ? null : this.text(at);
  }
}

/** Seconds until this node may have been replaced. */
const LATER_RETRY = 5;

/** A later version of this program has been here: this node is to be replaced, and takes no part. */
export class Later extends Refusal {
  constructor(readonly what: string) {
    super('unavailable.not_writable', 'the store is of a later version', LATER_RETRY);
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
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Runs a script. One round trip, two where this Redis has not seen it yet. */
  async run(script: Script, keys: readonly string[], args: readonly Arg[]): Promise<Reply> {
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
    return reply;
  }

  /** Sends a command, or several, within one patience. */
  async send<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.closed) throw unavailable('closing', 'draining');
    try {
      return await this.pace.within(PATIENCE, work(this.clients.commands));
    } catch (error) {
      if (isUnavailable(error)) throw error;
      this.onError(error);
      throw refusalOf(error);
    }
  }

  /** Takes no more calls, and lets go of the connections. */
  close(): void {
    this.closed = true;
    this.clients.close();
  }
}

/** What Redis says, in its own first word, when it is there and takes no writes. */
const TAKES_NO_WRITES = /^(OOM|READONLY|MISCONF|NOREPLICAS)\b/;

function refusalOf(error: unknown): Error {
  const word = error instanceof Error ? TAKES_NO_WRITES.exec(error.message)?.[1] : undefined;
  return word ? unavailable(`${word}: Redis does not take writes`, 'not_writable') : unavailable();
}

export type Arg = string | number;
