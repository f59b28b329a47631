import type { Clock } from '../../clock.js';
import { Refusal } from '../../domain/errors.js';
import { assertIntendable } from '../../domain/noso.js';
import { closing, isClosing } from '../deadline.js';
import type { Engine, Movable } from '../engine.js';
import { createCatalogue } from './catalogueStore.js';
import { type Disk, TICK } from './disk.js';
import { EvenTime } from './evenTime.js';
import { createIntents } from './intentStore.js';
import type { LiveCopy } from './jobs.js';
import { createNosos } from './lives.js';
import { createNumbers } from './numberStore.js';
import { createRationing } from './rationing.js';
import { rehearse } from './rehearsal.js';
import { createSpent } from './spent.js';

/** Ticks between two attempts to delete what could not be deleted. */
const FORGET_EVERY = 20;

/** Ticks between two looks whether every file is where it was opened. */
const LOOK_EVERY = 8;

/** A row of what was spent that says when this last ran: it would end so much later, in ms. */
const RAN = 'ran';
const LONG = 100 * 365 * 24 * 3_600_000;
/** Ticks between two such notes: an hour. The first comes at once, or once the clock is believed. */
const RAN_EVERY = 14_400;

/** Numbers marked in one transaction. */
const MARKED_AT_ONCE = 4096;

/** Ticks that closing every file may take. */
const CLOSING = 32;

type Deps = {
  dataDir: string;
  clock: Clock;
  disk: Disk;
  onError: (error: unknown) => void;
  copies?: readonly LiveCopy[];
};

/** The verbs over a disk, once everything has been read. `close` stops the disk as well. */
export async function start(deps: Deps): Promise<Engine & Movable> {
  const { dataDir, clock, disk, copies = [] } = deps;
  /** That it closes is no fault of the disk. */
  const onError = (error: unknown) => {
    if (!isClosing(error)) deps.onError(error);
  };
  const time = new EvenTime(clock);
  const now = () => time.now();
  // What had an end is read whatever the clock says: it may be wrong yet.
  const stored = await disk.ask({ do: 'start', dataDir, now: 0, copies });
  const spent = stored.spent.filter(([id]) => id !== RAN);
  for (const [id, until] of stored.spent) if (id === RAN) time.ranAt(until - LONG);
  const intents = createIntents(stored.intents);
  const catalogue = createCatalogue(disk, stored, intents, onError);
  const nosos = createNosos({ disk, catalogue, intents, time, onError });
  await nosos.restore(dataDir);
  await catalogue.forget().catch(onError);
  const draw = createNumbers(disk, onError);
  const once = createSpent({ disk, catalogue, now: () => time.believed(), spent });
  const rationing = createRationing(clock);
  const beats = new Map<string, number>();
  let closed = false;
  let ticks = 0;

  const stopTicking = clock.every(TICK, () => {
    disk.tick();
    if (closed) return;
    ticks += 1;
    nosos.tick();
    if (!time.doubts() && ticks >= noteAt) noteHour().catch(onError);
    if (ticks % FORGET_EVERY === 0) catalogue.forget().catch(onError);
    if (ticks % LOOK_EVERY === 0 && !disk.stalled()) lookForFiles().catch(onError);
  });
  let noteAt = 0;
  /** Writes down that it runs now: at the next start a clock is measured by it. */
  const noteHour = async () => {
    noteAt = ticks + RAN_EVERY;
    await disk.ask({ do: 'spend', id: RAN, until: now() + LONG, now: 0 });
  };
  let saidOfCatalogue = false;
  const lookForFiles = async () => {
    const moved = await disk.ask({ do: 'look' });
    if (moved.lives !== null || moved.catalogue !== null) disk.doubt();
    if (moved.lives !== null) nosos.refuse(new Error(moved.lives));
    if (moved.catalogue !== null && !saidOfCatalogue) onError(new Error(moved.catalogue));
    saidOfCatalogue = moved.catalogue !== null;
  };
  const assertOpen = () => {
    if (closed) throw closing();
  };

  return {
    now,
    doubts: () => time.doubts(),

    async save(kind, id, document) {
      assertOpen();
      return catalogue.exclusively(() => catalogue.save(kind, id, document));
    },
    async revise(kind, id, revise) {
      assertOpen();
      return catalogue.exclusively(async () => {
        const document = revise(catalogue.find(kind, id));
        await catalogue.save(kind, id, document);
        return document;
      });
    },
    async remove(kind, id) {
      assertOpen();
      await catalogue.exclusively(() => catalogue.put(catalogue.removing(kind, id)));
    },
    async changesSince(revision) {
      return catalogue.changesSince(revision);
    },
    async spend(id, until) {
      assertOpen();
      return once.spend(id, until);
    },
    async reserve(id, holder, until) {
      assertOpen();
      return once.reserve(id, holder, until);
    },
    holder: once.holder,
    async intend(id, digest) {
      assertOpen();
      await catalogue.exclusively(async () => {
        const noso = catalogue.noso(id);
        if (!noso) throw new Refusal('not_found', 'no such NoSo');
        assertIntendable(noso);
        if (intents.has(id, digest)) return;
        await disk.ask({ do: 'intend', noso: id, digest, will: true });
        intents.note(id, digest, true);
      });
    },
    async withdraw(id, digest) {
      assertOpen();
      await catalogue.exclusively(async () => {
        if (!intents.has(id, digest)) return;
        await disk.ask({ do: 'intend', noso: id, digest, will: false });
        intents.note(id, digest, false);
      });
    },
    async intents(id, digests) {
      const among = digests.some((digest) => intents.has(id, digest));
      return { count: intents.count(id), among };
    },
    async command(noso, command) {
      assertOpen();
      const done = await nosos.command(noso, command);
      if (command.do === 'close') rationing.forget(noso);
      return done;
    },
    async ration(noso, what, most) {
      assertOpen();
      return rationing.count(noso, what, most);
    },
    async draw(count, digits = null) {
      assertOpen();
      return draw(count, digits);
    },
    intending: async (noso) => intents.all(noso),
    async *drawnNumbers() {
      for (let from = 0; ; ) {
        const piece = await disk.ask({ do: 'drawn', from });
        if (!piece) return;
        yield Array.from(piece.numbers);
        from = piece.next;
      }
    },
    async markDrawn(numbers) {
      for (let k = 0; k < numbers.length; k += MARKED_AT_ONCE) {
        const piece = Float64Array.from(numbers.slice(k, k + MARKED_AT_ONCE));
        await disk.ask({ do: 'mark', numbers: piece });
      }
    },
    async take(noso, taking) {
      assertOpen();
      return nosos.open(noso).take(taking);
    },
    async bind(noso, binding) {
      assertOpen();
      return nosos.open(noso).bind(binding);
    },
    async click(noso, click) {
      assertOpen();
      return nosos.open(noso).click(click);
    },
    async doors(noso) {
      return nosos.open(noso).doors();
    },
    async takeBack(noso, since, until) {
      assertOpen();
      return nosos.open(noso).takeBack(since, until);
    },
    async takenIn(noso, since, until) {
      return nosos.open(noso).takenIn(since, until);
    },
    async leave(noso, number, sitting) {
      assertOpen();
      return nosos.find(noso)?.leave(number, sitting) ?? false;
    },
    async hear(noso, heard) {
      assertOpen();
      return nosos.find(noso)?.hear(heard) ?? heard;
    },
    async seat(noso, number) {
      return nosos.open(noso).seat(number);
    },
    async tail(noso, since) {
      return nosos.open(noso).tail(since);
    },
    async totals(noso) {
      return nosos.open(noso).soFar();
    },
    async seats(noso, asOf) {
      return nosos.open(noso).seats(asOf);
    },
    watch: nosos.watch,

    async beat(walls) {
      for (const wall of walls) beats.set(wall, now());
    },
    async beats(walls) {
      const known = walls.filter((wall) => beats.has(wall));
      return new Map(known.map((wall) => [wall, beats.get(wall) as number]));
    },
    async rehearse() {
      assertOpen();
      await rehearse(disk, dataDir);
    },
    async close() {
      if (closed) return;
      closed = true;
      if (!time.doubts()) noteHour().catch(onError);
      // Nothing may be asked of the disk that it will not come to.
      await disk.within(catalogue.settled()).catch(onError);
      await nosos.drained();
      await disk.within(disk.stop(), undefined, CLOSING).catch(onError);
      stopTicking();
    },
  };
}
