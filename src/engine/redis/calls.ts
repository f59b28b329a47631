import type { Clock } from '../../clock.js';
import { Refusal } from '../../domain/errors.js';
import { type Client, type Clients, PATIENCE } from './connect.js';
import type { Script } from './scripts/script.js';

/** Seconds after which a call that Redis did not answer is worth repeating. */
const RETRY_AFTER = 2;

/** Redis does not answer: *unknown* whether it was done, and safe to repeat. */
export const unavailable = (detail = 'the store does not answer'): Refusal =>
  new Refusal('unavailable', detail, RETRY_AFTER);

export const isUnavailable = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'unavailable';

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

/**
 * Sends commands, and sees to it that each is answered within `PATIENCE` or refused as
 * `unavailable`, whatever becomes of the connection.
 */
export class Calls {
  private underWay = 0;
  private onIdle: (() => void) | null = null;
  private closed = false;

  constructor(
    readonly clients: Clients,
    private readonly clock: Clock,
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
    return new Reply(Array.isArray(answer) ? answer : [answer]);
  }

  /** Sends a command, or several, within one patience. */
  send<T>(work: (client: Client) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(unavailable('closing'));
    this.underWay += 1;
    return new Promise<T>((resolve, reject) => {
      let settled = false;
      const settle = (finish: () => void) => {
        if (settled) return;
        settled = true;
        stop();
        this.underWay -= 1;
        finish();
        if (this.underWay === 0) this.onIdle?.();
      };
      const stop = this.clock.after(PATIENCE, () => settle(() => reject(unavailable())));
      work(this.clients.commands).then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => {
          this.onError(error);
          settle(() => reject(unavailable()));
        },
      );
    });
  }

  /** Takes no more calls; waits for those under way, then lets go of the connections. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
    this.clients.close();
  }
}

export type Arg = string | number;
