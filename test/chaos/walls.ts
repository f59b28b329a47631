import type { Count, Numbers, Snapshot } from '../../src/protocol/wire.js';
import { machineTime } from '../support/machineTime.js';
import type { History, Shown } from './history.js';
import { type Line, openLine } from './line.js';

/** A wall that hears nothing for this long opens its line anew, as the page does. */
const SILENCE = 5000;

export type Wall = {
  /** The longest it was without a frame so far, in ms of the machine's time. */
  longest: () => number;
  /** What it shows. */
  count: () => number | null;
  stop: () => void;
};

let connections = 0;

/**
 * A wall that writes down every frame. When its line ends, or says nothing, it goes to the next
 * node, as it would behind a load balancer.
 */
export function hangWall(options: {
  wall: number;
  noso: string;
  token: string;
  urls: readonly string[];
  first: number;
  history: History;
}): Wall {
  const { wall, noso, token, urls, history } = options;
  let node = options.first;
  let heardAt = Date.now();
  let longest = 0;
  let since = machineTime();
  let count: number | null = null;
  let line: Line;
  let stopped = false;
  let again: NodeJS.Timeout | undefined;

  /** As of when numbers are held; what does not follow is a gap, and leads to a snapshot (W2). */
  let held = { epoch: 0, seq: -1 };
  const keep = (connection: number, frame: object) => {
    const at = Date.now();
    heardAt = at;
    const now = machineTime();
    longest = Math.max(longest, now - since);
    since = now;
    if ('count' in frame) count = Number(frame.count);
    history.shown.push({ at, connection, wall, node: node % urls.length, noso, ...frame } as Shown);
  };

  function open(): void {
    const connection = connections++;
    line = openLine(
      urls[node % urls.length] as string,
      '/wall',
      { token },
      {
        event(name, payload) {
          if (name === 'snapshot') {
            const { epoch, seq, count, numbersSeq, numbers } = payload as Snapshot;
            held = { epoch, seq: numbersSeq };
            keep(connection, {
              event: name,
              epoch,
              seq,
              count,
              numbersSeq,
              numbers: numbers ?? [],
            });
          } else if (name === 'count') {
            const { epoch, seq, count } = payload as Count;
            keep(connection, { event: name, epoch, seq, count });
          } else if (name === 'numbers') {
            const frame = payload as Numbers;
            keep(connection, { event: name, ...frame });
            if (frame.epoch !== held.epoch || frame.from !== held.seq) line.drop();
            held = { epoch: frame.epoch, seq: frame.seq };
          }
        },
        end() {
          node += 1;
          if (!stopped) again = setTimeout(open, 200 + Math.random() * 300);
        },
      },
    );
  }
  open();
  let quietSince = heardAt;
  const watch = setInterval(() => {
    quietSince = Math.max(quietSince, heardAt);
    if (Date.now() - quietSince < SILENCE) return;
    quietSince = Date.now();
    line.drop();
  }, 250);
  return {
    longest: () => Math.max(longest, machineTime() - since),
    count: () => count,
    stop() {
      stopped = true;
      clearInterval(watch);
      clearTimeout(again);
      line.drop();
    },
  };
}
