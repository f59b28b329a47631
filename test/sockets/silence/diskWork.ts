// The embedded engine of a house whose time is held. What its disk is asked for and has not answered
// is counted, by whomever it was asked: a verb, or the engine of itself (lapses, ends, what is looked
// at now and then). Time that was moved on past a busy disk would have it refuse after two seconds.
import { EventEmitter } from 'node:events';
import type { TransferListItem, Worker } from 'node:worker_threads';
import type { Clock } from '../../../src/clock.js';
import { newThread, openDisk, type Thread } from '../../../src/engine/embedded/disk.js';
import type { Job } from '../../../src/engine/embedded/jobs.js';
import { start } from '../../../src/engine/embedded/start.js';
import type { Engine } from '../../../src/engine/engine.js';

/** The writer's thread; `open` of its jobs are unanswered. A slow one answers only so many ms later. */
class Watched extends EventEmitter {
  open = 0;

  constructor(
    private readonly worker: Worker,
    slow: number,
  ) {
    super();
    const answer = (message: unknown) => {
      this.open -= 1;
      this.emit('message', message);
    };
    worker.on('message', slow > 0 ? (message) => setTimeout(answer, slow, message) : answer);
    worker.on('error', (error) => this.emit('error', error));
    worker.on('exit', (code) => {
      this.open = 0; // nothing more will be
      this.emit('exit', code);
    });
  }

  postMessage(job: Job, transfer?: TransferListItem[]): void {
    if (job.do !== 'stop') this.open += 1; // that one is not answered
    this.worker.postMessage(job, transfer);
  }
}

export type DiskWork = {
  /** Jobs that the disk has not answered. */
  open: () => number;
  openEngine: (dataDir: string, clock: Clock) => Promise<Engine>;
};

/** A disk that answers as it does, or only `slow` ms later. */
export function watchDisk(slow: number): DiskWork {
  let thread: Watched | null = null;
  return {
    open: () => thread?.open ?? 0,
    openEngine(dataDir, clock) {
      thread = new Watched(newThread(), slow);
      const onError = (error: unknown) => console.error(error);
      const disk = openDisk(onError, thread as unknown as Thread);
      return start({ dataDir, clock, disk, onError });
    },
  };
}
