// Preloaded into a server (`node --import`): its time stands still but for what whoever started it
// says, over IPC. All of it is held, the libraries' timers too; the disk's thread goes on as it does.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread, Worker } from 'node:worker_threads';
import { manualClock } from '../../src/clock.js';
import { holdTime } from './holdTime.js';

/** Moves time on by so many ms; answered with the same once all that fell due is done. */
export type Advance = { advance: number };

/** No more at once than this (ms), so that whatever falls due is done before the next. */
const STEP = 500;
/** Turns of the event loop without anything happening, after which nothing more will. */
const QUIET = 4;

function hold(): void {
  const require = createRequire(import.meta.url);
  const start = Number(process.env.HELD_AT);
  const clock = manualClock(start);
  const began = require('node:os').uptime() as number;

  holdTime(globalThis, clock, () => 0);
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  Object.assign(require('node:timers'), { setTimeout, setInterval, clearTimeout, clearInterval });
  Object.assign(require('node:os'), { uptime: () => began + (clock.now() - start) / 1000 });
  syncBuiltinESMExports();

  /** What the disk was asked and has not answered. */
  let asked = 0;
  const { postMessage } = Worker.prototype;
  const heard = new WeakSet<Worker>();
  Worker.prototype.postMessage = function post(this: Worker, ...given) {
    asked += 1;
    if (!heard.has(this)) {
      heard.add(this);
      this.on('message', () => {
        asked -= 1;
      });
      // The last that it is asked is to end, which it does unanswered.
      this.on('exit', () => {
        asked = 0;
      });
    }
    postMessage.apply(this, given);
  };

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET; quiet = asked === 0 ? quiet + 1 : 0)
      await new Promise(setImmediate);
  }

  process.on('message', async ({ advance }: Advance) => {
    for (let left = advance; left > 0; left -= STEP) {
      clock.advance(Math.min(STEP, left));
      await settle();
    }
    process.send?.({ advance });
  });
  process.channel?.unref();
}

// A thread is given what its process is given, and has its own time.
if (isMainThread) hold();
