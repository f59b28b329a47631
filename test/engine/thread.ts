import { EventEmitter } from 'node:events';
import type { Thread } from '../../src/engine/embedded/disk.js';
import type { Answer, Job } from '../../src/engine/embedded/jobs.js';

/** A writer's thread that does nothing until a test says what came of what it was asked. */
export class IdleThread extends EventEmitter {
  /** What it was asked, and has not answered. */
  readonly jobs: Job[] = [];
  /** What it was ever asked. */
  readonly asked: Job['do'][] = [];
  readonly transferred: unknown[] = [];

  readonly thread = this as unknown as Thread;

  postMessage(job: Job, transfer: unknown): void {
    this.asked.push(job.do);
    this.transferred.push(transfer);
    if (job.do === 'stop') setImmediate(() => this.emit('exit', 0));
    else this.jobs.push(job);
  }

  /** Answers the oldest, which is returned. */
  answer(value: unknown = null): Job {
    return this.end({ ok: true, value } as Answer);
  }

  refuse(code = 'SQLITE_FULL', { damage = false } = {}): Job {
    return this.end({ ok: false, code, message: `${code} it said`, damage });
  }

  private end(answer: Answer): Job {
    const job = this.jobs.shift();
    if (!job) throw new Error('nothing was asked');
    this.emit('message', answer);
    return job;
  }
}

/** Lets everything happen that nothing has to be waited for. */
export async function settle(turns = 12): Promise<void> {
  for (let k = 0; k < turns; k += 1) await new Promise(setImmediate);
}
