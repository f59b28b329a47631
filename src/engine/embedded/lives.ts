import { join } from 'node:path';
import type { Stop } from '../../clock.js';
import { whyNotOpen } from '../../domain/byTheHour.js';
import { Refusal } from '../../domain/errors.js';
import { decide, type Facts, type Noso, type NosoCommand, voidedAt } from '../../domain/noso.js';
import type { Catalogue, Logs } from './catalogueStore.js';
import { Commits } from './commits.js';
import { DataDirError } from './damage.js';
import type { Disk } from './disk.js';
import type { EvenTime } from './evenTime.js';
import { Health } from './health.js';
import type { Intents } from './intentStore.js';
import { LIVES_NAME } from './jobs.js';
import { Live } from './liveNoso.js';

export type Nosos = {
  /** The open NoSo, or the refusal that says why there is none. */
  open(id: string): Live;
  find(id: string): Live | undefined;
  command(id: string, command: NosoCommand): Promise<Noso>;
  watch(id: string, bell: () => void): Stop;
  /** Reads the logs of the NoSos that are open on disk. */
  restore(dataDir: string): Promise<void>;
  /** Their database is not what it was: nothing is written to it, nor told from it, until it is. */
  refuse(error: Error): void;
  tick(): void;
  /** Waits until every log is durable, or cannot be. */
  drained(): Promise<void>;
};

/** The lifecycle of NoSos, and the live ones in memory. */
export function createNosos(deps: {
  disk: Disk;
  catalogue: Catalogue;
  intents: Intents;
  time: EvenTime;
  onError: (error: unknown) => void;
}): Nosos {
  const { disk, catalogue, intents, time, onError } = deps;
  const lives = new Map<string, Live>();
  const bells = new Map<string, Set<() => void>>();

  const health = new Health({
    disk,
    reload: async (noso) => {
      const loaded = await disk.ask({ do: 'load', noso });
      lives.get(noso)?.reload(loaded);
    },
    onError,
  });
  const commits = new Commits(disk, (error, logs) => {
    health.refused(
      error,
      logs.map(({ noso }) => noso),
    );
  });

  const newLive = (noso: Noso & { life: { is: 'open' } }) =>
    new Live({
      id: noso.id,
      openedAt: noso.life.openedAt,
      terms: termsOf(noso),
      commits,
      health,
      now: () => time.now(),
      believed: () => time.believed(),
      grown: () => {
        for (const bell of bells.get(noso.id) ?? []) bell();
      },
    });

  const write = async (noso: Noso, logs?: Logs) => {
    await catalogue.put([{ kind: 'noso', id: noso.id, document: noso }], logs);
  };

  async function close(noso: Noso, live: Live): Promise<void> {
    await live.closeBy(() => write(noso, { erase: noso.id }));
    lives.delete(noso.id);
    health.forget(noso.id);
  }

  /** While the change is on its way, whoever asks for a seat meets the stricter of both terms. */
  async function amend(noso: Noso, live: Live | undefined): Promise<void> {
    if (!live) return write(noso);
    const { terms } = live;
    const capacity = Math.min(terms.capacity ?? Infinity, noso.capacity ?? Infinity);
    const until = voidedAt(noso);
    live.terms = {
      ...terms,
      capacity,
      endsAt: Math.min(terms.endsAt, noso.endsAt),
      voidedAt: until,
    };
    try {
      await write(noso);
      live.terms = termsOf(noso);
    } catch (error) {
      live.terms = terms;
      throw error;
    }
  }

  const latest = () => Math.max(0, ...[...lives.values()].map((live) => live.latest()));

  return {
    find: (id) => lives.get(id),
    open(id) {
      const live = lives.get(id);
      if (!live) throw whyNotOpen(catalogue.noso(id), time.now());
      return live;
    },
    command(id, command) {
      return catalogue.exclusively(async () => {
        const noso = catalogue.noso(id);
        if (!noso) throw new Refusal('not_found', 'no such NoSo');
        const live = lives.get(id);
        const drawn = command.do === 'open' ? await disk.ask({ do: 'count' }) : 0;
        const next = decide(noso, command, { ...facts(noso, live, command), drawn });
        if (command.do === 'close' && live) await close(next, live);
        else if (live || command.do !== 'open') await amend(next, live);
        else if (isOpen(next)) {
          await write(next, { create: id });
          lives.set(id, newLive(next));
        } else await write(next);
        return next;
      });
    },
    watch(id, bell) {
      const ringing = bells.get(id) ?? new Set();
      bells.set(id, ringing.add(bell));
      return () => {
        ringing.delete(bell);
        if (ringing.size === 0 && bells.get(id) === ringing) bells.delete(id);
      };
    },
    async restore(dataDir) {
      for (const noso of catalogue.nosos().filter(isOpen)) {
        const live = newLive(noso);
        try {
          live.restore(await disk.ask({ do: 'load', noso: noso.id }));
        } catch (error) {
          if (error instanceof DataDirError) throw error;
          const file = join(dataDir, LIVES_NAME);
          throw new DataDirError(`${file} is damaged: ${(error as Error).message}`);
        }
        lives.set(noso.id, live);
        time.atLeast(live.latest());
      }
    },
    refuse: (error) => health.astray(error, [...lives.keys()]),
    tick() {
      time.look(lives.size === 0, time.doubts() ? latest() : 0);
      for (const live of lives.values()) live.tick();
      health.tick();
    },
    async drained() {
      await Promise.allSettled([...lives.values()].map((live) => live.drained()));
    },
  };

  function facts(noso: Noso, live: Live | undefined, command: NosoCommand): Omit<Facts, 'drawn'> {
    const other = catalogue.nosos().find((n) => n.venue === noso.venue && isOpen(n));
    return {
      // What the schedule does nobody asked for: both clocks must say that it is due (L7).
      now: 'by' in command && command.by === 'schedule' ? time.agreed() : time.now(),
      openAtVenue: other?.id ?? null,
      intents: intents.count(noso.id),
      count: live?.count() ?? 0,
      totals: (at) => {
        if (!live) throw new Error('only an open NoSo has totals');
        return live.totals(at);
      },
    };
  }
}

const isOpen = (noso: Noso): noso is Noso & { life: { is: 'open' } } => noso.life.is === 'open';

const termsOf = (noso: Noso) => ({ ...noso, voidedAt: voidedAt(noso) });
