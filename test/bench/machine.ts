import { cpus, loadavg, totalmem } from 'node:os';
import { mostDescriptors } from './measure/proc.js';

export type Machine = {
  cpu: string;
  node: string;
  memoryGiB: number;
  /** Open files per process, which bounds connections. */
  descriptors: number;
  load: number;
};

export async function machine(): Promise<Machine> {
  const cores = cpus();
  return {
    cpu: `${cores.length} × ${cores[0]?.model ?? 'unknown'}`,
    node: process.version,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    descriptors: await mostDescriptors(),
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
