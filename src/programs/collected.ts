import { Session } from 'node:inspector/promises';

/**
 * Has what starting left behind collected, once: it is a third of the heap, by which the engine would
 * measure when to collect again, and young memory that had to grow for it is given back. After that
 * nothing is collected by command.
 */
export async function collectOnce(): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}
