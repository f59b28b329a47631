import type { Clock, Stop } from '../../clock.js';
import type { Clients } from './connect.js';
import { BELL_EVERY } from './scripts/liveLua.js';

/**
 * Who wants to know that the log of a NoSo grew. A node hears the bells of the NoSos it watches and
 * of no other. Scripts ring at most every `BELL_EVERY`, on the leading edge; so each bell is followed
 * by another one of our own, for what changed while bells were held back.
 */
export class Bells {
  private readonly watchers = new Map<string, Set<() => void>>();
  private readonly trailing = new Map<string, Stop>();
  /** Channels whose subscription failed, to be made again. */
  private readonly missing = new Set<string>();

  constructor(
    private readonly clients: Clients,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    clients.subscriptions.on('smessage', (channel: string) => this.ring(channel));
    clients.subscriptions.on('ready', () => this.again());
  }

  watch(channel: string, bell: () => void): Stop {
    const watchers = this.watchers.get(channel) ?? new Set();
    if (watchers.size === 0) {
      this.watchers.set(channel, watchers);
      void this.subscribe(channel);
    }
    // The same function may watch twice: each watch is its own.
    const own = () => bell();
    watchers.add(own);
    return () => {
      if (!watchers.delete(own) || watchers.size > 0) return;
      this.watchers.delete(channel);
      this.trailing.get(channel)?.();
      this.trailing.delete(channel);
      void this.unsubscribe(channel);
    };
  }

  private async unsubscribe(channel: string): Promise<void> {
    this.missing.delete(channel);
    try {
      await this.clients.subscriptions.sunsubscribe(channel);
    } catch (error) {
      // Without a connection there is no subscription either.
      this.onError(error);
    }
  }

  private async subscribe(channel: string): Promise<void> {
    try {
      await this.clients.subscriptions.ssubscribe(channel);
      this.missing.delete(channel);
      // What rang before it stood was heard by nobody.
      for (const bell of this.watchers.get(channel) ?? []) bell();
    } catch (error) {
      // A watcher misses bells until `mend`, and reads every second regardless.
      if (this.watchers.has(channel)) this.missing.add(channel);
      this.onError(error);
    }
  }

  /** Tries again where a subscription failed. */
  mend(): void {
    for (const channel of this.missing) {
      this.missing.delete(channel);
      if (this.watchers.has(channel)) void this.subscribe(channel);
    }
  }

  /** After a reconnection: what was wanted is wanted still, and bells may have been missed. */
  private again(): void {
    for (const [channel, watchers] of this.watchers) {
      void this.subscribe(channel);
      for (const bell of watchers) bell();
    }
  }

  private ring(channel: string): void {
    const watchers = this.watchers.get(channel);
    if (!watchers) return;
    for (const bell of watchers) bell();
    this.trailing.get(channel)?.();
    const once = () => {
      this.trailing.delete(channel);
      for (const bell of watchers) bell();
    };
    this.trailing.set(channel, this.clock.after(BELL_EVERY + 5, once));
  }

  close(): void {
    for (const stop of this.trailing.values()) stop();
    this.trailing.clear();
    this.watchers.clear();
  }
}
