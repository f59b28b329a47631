import { inspect } from '../measure/inspector.js';

/** A V8 CPU profile, as the inspector gives it. */
export type CpuProfile = {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  /** µs between a sample and the one before. */
  timeDeltas: number[];
};

const INTERVAL_US = 100;

/** What starts a profile of the main thread of a running process, and what ends it. */
export async function attach(pid: number, said: () => string) {
  const { ask, close } = await inspect(pid, said);
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  return {
    start: () => ask('Profiler.start'),
    async stop(): Promise<CpuProfile> {
      const { profile } = (await ask('Profiler.stop')) as { profile: CpuProfile };
      close();
      return profile;
    },
  };
}
