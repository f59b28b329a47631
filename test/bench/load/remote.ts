// The load runs in processes of its own, so that neither phones nor walls wait for one another or
// for whoever directs them.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { callAll } from './http.js';
import { cpuMs, newCrowd } from './phones.js';
import { newGallery } from './walls.js';

const newLoad = () => ({ ...newCrowd(), ...newGallery(), callAll, cpu: async () => cpuMs() });
export type Load = ReturnType<typeof newLoad>;
type Verb = keyof Load;

type Request = { id: number; verb: Verb; arguments: unknown[] };
type Reply = { id: number; value: unknown } | { id: number; error: string };

/** A load in another process; every verb of `Load` is there. */
export type RemoteLoad = Load & { stop(): Promise<void> };

export function startLoad(): RemoteLoad {
  const child = fork(fileURLToPath(new URL('./process.js', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [],
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  child.on('exit', () => {
    for (const [id, answer] of waiting) answer({ id, error: 'the load ended' });
    waiting.clear();
  });
  const ask =
    (verb: Verb) =>
    (...given: unknown[]) =>
      new Promise<unknown>((resolve, reject) => {
        const id = ++last;
        waiting.set(id, (reply) => {
          if ('error' in reply) reject(new Error(`${verb}: ${reply.error}`));
          else resolve(reply.value);
        });
        child.send({ id, verb, arguments: given } satisfies Request);
      });
  const verbs = Object.keys(newLoad()) as Verb[];
  const remote = Object.fromEntries(verbs.map((verb) => [verb, ask(verb)])) as unknown as Load;
  return { ...remote, stop: () => ended(child) };
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.kill('SIGKILL');
  });
}

/** The other end: answers until the channel closes. */
export function serveLoad(): void {
  const load = newLoad();
  const reply = (answer: Reply) => process.send?.(answer);
  process.on('message', ({ id, verb, arguments: given }: Request) => {
    const work = load[verb] as (...given: unknown[]) => Promise<unknown>;
    work(...given).then(
      (value) => reply({ id, value }),
      (error: unknown) =>
        reply({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
}
