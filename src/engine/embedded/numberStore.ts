import { Refusal } from '../../domain/errors.js';
import { unavailable } from '../deadline.js';
import type { Disk } from './disk.js';

type Waiter = {
  count: number;
  digits: number | null;
  resolve: (numbers: number[]) => void;
  reject: (e: Error) => void;
};

/**
 * Draws numbers on the writer's thread. Requests that come while a draw is under way share the
 * next one, and its commit.
 */
export function createNumbers(disk: Disk, onError: (error: unknown) => void) {
  let waiting: Waiter[] = [];
  let drawing = false;

  const next = async () => {
    const group = waiting;
    waiting = [];
    const wanted = group.map(({ count, digits }) => ({ count, digits }));
    try {
      const numbers = Array.from(await disk.ask({ do: 'draw', wanted }));
      for (const { count, resolve } of group) resolve(numbers.splice(0, count));
    } catch (error) {
      onError(error);
      const refused = unavailable('the disk refused the write', 'not_writable');
      for (const { reject } of group) reject(error instanceof Refusal ? error : refused);
    }
    if (waiting.length > 0) setImmediate(next);
    else drawing = false;
  };

  return function draw(count: number, digits: number | null): Promise<number[]> {
    if (disk.stalled()) throw unavailable('the disk does not answer');
    const numbers = new Promise<number[]>((resolve, reject) => {
      waiting.push({ count, digits, resolve, reject });
    });
    if (!drawing) {
      drawing = true;
      setImmediate(next);
    }
    return disk.within(numbers);
  };
}
