import { Worker } from 'node:worker_threads';
import { closing, unavailable } from '../deadline.js';
import { DataDirError } from './damage.js';
import type { Answer, Answers, Job } from './jobs.js';

/** Milliseconds between two `tick`s. */
export const TICK = 250;
/** Ticks after which a request is answered `unavailable`, safely under 2 s (F1). */
const PATIENCE = 7;

/** The writer's thread, from this side. */
export type Disk = {
  /**
   * Has a job done. Rejects with a plain `Error` (its `code` SQLite's) or a `DataDirError`; with a
   * `Refusal` once it was told to stop.
   */
  ask<J extends Job>(job: J, transfer?: ArrayBuffer[]): Promise<Answers[J['do']]>;
  /** True if it refused something since `trust` was last called. */
  doubtful(): boolean;
  trust(): void;
  doubt(): void;
  /** True while the disk has not answered for almost 2 s. */
  stalled(): boolean;
  /**
   * `work` as it goes, or `unavailable` if that takes almost 2 s (or so many ticks); `work` is not
   * stopped by it, and `givenUp` is called.
   */
  within<T>(work: Promise<T>, givenUp?: () => void, ticks?: number): Promise<T>;
  /** To be called every `TICK` ms. */
  tick(): void;
  /** Lets the thread end, once what was asked of it is done. */
  stop(): Promise<void>;
};

type Waiter = {
  ticks: number;
  resolve: (value: Answers[Job['do']]) => void;
  reject: (error: Error) => void;
};

/** What of a worker we use; a test may stand in between. */
export type Thread = Pick<Worker, 'postMessage' | 'on' | 'once'>;

/** Its jobs leave little behind: MiB for what is young, instead of what a main thread has. */
const YOUNG = 2;

export const newThread = (): Worker =>
  new Worker(new URL('./writer.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });

export function openDisk(onError: (error: unknown) => void, worker: Thread = newThread()): Disk {
  /** Unanswered jobs, the oldest first: answers come in order. */
  const waiters: Waiter[] = [];
  const impatient = new Set<{ ticks: number; giveUp: () => void }>();
  let gone: Error | null = null;
  let doubtful = false;

  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const lose = (error: Error) => {
    gone ??= error;
    for (const waiter of waiters.splice(0)) waiter.reject(gone);
  };
  worker.on('error', (error) => {
    onError(error);
    lose(error instanceof Error ? error : new Error(String(error)));
  });
  worker.on('exit', () => lose(new Error('the writer has ended')));
  worker.on('message', (answer: Answer) => {
    const waiter = waiters.shift();
    doubtful ||= !answer.ok;
    if (answer.ok) waiter?.resolve(answer.value);
    else if (answer.damage) waiter?.reject(new DataDirError(answer.message));
    else waiter?.reject(Object.assign(new Error(answer.message), { code: answer.code }));
  });

  const ask = <J extends Job>(job: J, transfer: ArrayBuffer[] = []) =>
    new Promise<Answers[J['do']]>((resolve, reject) => {
      if (gone) return reject(gone);
      waiters.push({ ticks: 0, resolve: resolve as Waiter['resolve'], reject });
      worker.postMessage(job, transfer);
    });

  return {
    ask,
    doubtful: () => doubtful,
    trust() {
      doubtful = false;
    },
    doubt() {
      doubtful = true;
    },
    stalled: () => gone !== null || (waiters[0]?.ticks ?? 0) >= PATIENCE,
    within(work, givenUp, ticks = PATIENCE) {
      return new Promise((resolve, reject) => {
        const entry = {
          ticks,
          giveUp: () => {
            givenUp?.();
            reject(unavailable('the disk does not answer'));
          },
        };
        impatient.add(entry);
        work.then(resolve, reject).finally(() => impatient.delete(entry));
      });
    },
    tick() {
      for (const waiter of waiters) waiter.ticks += 1;
      for (const entry of impatient) {
        entry.ticks -= 1;
        if (entry.ticks > 0) continue;
        impatient.delete(entry);
        entry.giveUp();
      }
    },
    async stop() {
      ask({ do: 'stop' }).catch(() => {}); // it ends, or has ended, unanswered
      gone ??= closing();
      await exited;
    },
  };
}
