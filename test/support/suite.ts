import { type Callback, suite as uvuSuite } from 'uvu';
import { machineTime } from './machineTime.js';

const DEADLINE = 20_000;

export type Test = (name: string, work: () => unknown, options?: { deadline?: number }) => void;

/**
 * A uvu suite whose tests each have a deadline, in the machine's time, and which runs by itself once
 * the file has been read (a forgotten `.run()` would be a false green).
 */
export function suite(name: string): Test {
  const inner = uvuSuite(name);
  setImmediate(() => inner.run());
  return (title, work, { deadline = DEADLINE } = {}) => {
    inner(title, bounded(title, work, deadline));
  };
}

function bounded(title: string, work: () => unknown, deadline: number): Callback<object> {
  return async () => {
    const began = machineTime();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const look = () => {
        const left = deadline - (machineTime() - began);
        if (left > 0) timer = setTimeout(look, left);
        else reject(new Error(`${title}: not done in ${deadline} ms`));
      };
      timer = setTimeout(look, deadline);
    });
    try {
      await Promise.race([work(), late]);
    } catch (error) {
      // `fetch failed` alone says nothing: whether nobody listened, or somebody hung up, is in its cause.
      if (error instanceof Error && error.cause) error.stack += `\n    caused by ${error.cause}`;
      if (!process.env.NOSO_FIRST_FAILURE) throw error;
      // Whoever plants faults wants to know of one only, and soon.
      console.error(title, error);
      process.exit(1);
    } finally {
      clearTimeout(timer);
    }
  };
}
