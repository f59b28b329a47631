import type { DoorClick, DoorCount, DoorResult, Noso } from '../../src/protocol/wire.js';
import type { ClickQueue } from './clickQueue.js';
import type { Shown } from './doorView.js';
import type { Sayings, Spoken } from './doorWords.js';
import type { Heard } from './sender.js';
import { netOf, roomOf, waitingOf } from './tally.js';

/** Without an answer for so long the count is as of then, in ms. */
const STALE = 5000;
/** A click can be taken back for so long, and what went wrong is said as long. */
const UNDO = 5 * 60_000;
const SAID = 8000;
/** How many came by this door is told each second: for so long after an answer it may be of before, ms. */
const SETTLED = 2000;

type Did = { id: string; what: 'in' | 'out'; at: number; cut: boolean };

const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** What is known at a door: the last answer, what waits, what was done, what has to be said. */
export function createDesk(queue: ClickQueue, { door, errors }: Spoken, sayings: Sayings) {
  const did: Did[] = [];
  const kinds = new Map<string, 'in' | 'out'>();
  const undone = new Set<string>();
  const papers = new Map<string, string>();
  let pending: DoorClick[] = [];
  let noso: Noso | null = null;
  let count: number | null = null;
  let here = 0;
  let heardAt = 0;
  let answeredAt = Number.NEGATIVE_INFINITY;
  /** As of where in the log the count is. */
  let as = { epoch: 0, seq: 0 };
  let silent = false;
  let notYet = false;
  let over = '';
  let said = { text: '', until: 0 };
  let beyond = { n: 0, until: 0 };

  const isCut = (now: number) => count !== null && (silent || now - heardAt > STALE);
  const tell = (text: string, now: number, ms = SAID) => {
    said = { text, until: now + ms };
  };

  function judge(result: DoorResult, now: number): void {
    if (result.ok) return;
    const one = did.find(({ id }) => id === result.id);
    if (one) did.splice(did.indexOf(one), 1);
    const paper = papers.get(result.id);
    if (result.code === 'full') {
      if (one && !one.cut) tell(door.fullNow, now);
      else beyond = { n: (now < beyond.until ? beyond.n : 0) + 1, until: now + UNDO };
    } else if (paper !== undefined) {
      const why = errors[result.code];
      tell(
        result.code === 'not_found' ? sayings.notPaper(paper) : sayings.paperRefused(paper, why),
        now,
      );
    } else tell(kinds.has(result.id) ? door.nobody : door.tooLate, now);
  }

  const isOlder = ({ epoch, seq }: { epoch: number; seq: number }): boolean =>
    epoch < as.epoch || (epoch === as.epoch && seq < as.seq);

  async function add(click: DoorClick): Promise<void> {
    pending = [...pending, click]; // shown within the frame, kept as soon as may be
    await queue.add(click);
  }

  const self = {
    over: () => over !== '',
    undoable: (now: number): Did | undefined =>
      did.filter(({ id, at }) => !undone.has(id) && now - at < UNDO).pop(),

    async press(what: 'in' | 'out', number: string | null, now: number): Promise<void> {
      const cut = isCut(now) || count === null;
      const id = newId();
      kinds.set(id, what);
      did.push({ id, what, at: now, cut });
      if (number !== null) papers.set(id, number);
      const at = new Date(now).toISOString();
      await add({ id, what, at, ...(number === null ? {} : { number }) });
    },

    async undo(now: number): Promise<void> {
      const last = self.undoable(now);
      if (!last) return;
      undone.add(last.id);
      await add({ id: newId(), what: 'undo', at: new Date(now).toISOString(), of: last.id });
    },

    async hear(heard: Heard, now: number): Promise<void> {
      if (heard.is === 'silence') silent = true;
      else if (heard.is === 'refused') await refused(heard.problem.code, heard.problem.reason);
      else {
        const { answer, results } = heard;
        ({ noso, here } = answer);
        if (!isOlder(answer)) ({ count } = answer);
        as = isOlder(answer) ? as : { epoch: answer.epoch, seq: answer.seq };
        heardAt = now;
        answeredAt = now;
        silent = false;
        notYet = false;
        sayings.at(noso.venue);
        for (const result of results) judge(result, now);
      }
      pending = await queue.all();
    },

    /**
     * The count as it is told to all doors. While clicks wait for their answer it may hold them or
     * not, and while none comes it is not what this door can stand for: then it is let go by.
     */
    follow(told: DoorCount, now: number): void {
      if (silent || pending.length > 0 || noso === null || isOlder(told)) return;
      const { epoch, seq, capacity } = told;
      ({ count } = told);
      as = { epoch, seq };
      noso = { ...noso, capacity };
      if (now - answeredAt > SETTLED) ({ here } = told);
      heardAt = now;
    },

    /** What is on the page at `now`. */
    shown(now: number): Shown {
      const cut = isCut(now);
      const net = netOf(pending, kinds);
      const figure = count === null ? null : Math.max(0, cut ? count : count + net);
      const room = roomOf(figure ?? 0, noso?.capacity ?? null);
      const last = self.undoable(now);
      const share = noso?.capacity ? (figure ?? 0) / noso.capacity : null;
      return {
        title: noso?.title ?? '',
        line: cut ? door.cut : count === null ? (silent ? door.cut : door.connecting) : door.live,
        ...{ cut, over, count: figure, share },
        close: !cut && (room.is === 'nearly' || room.is === 'full'),
        full: !cut && room.is === 'full',
        under: count === null ? '' : cut ? sayings.asOf(heardAt) : sayings.room(room),
        here: count === null ? '' : sayings.here(Math.max(0, here + net)),
        said: sentence(now, cut),
        undo: last ? sayings.undo(last.what, last.at) : '',
      };
    },

    /** Whether an entry would be one too many, as far as is known now. */
    isFull: (now: number) => self.shown(now).full,
  };

  function sentence(now: number, cut: boolean): string {
    if (now < said.until) return said.text;
    if (notYet) return sayings.notYet(null);
    if (cut || (count === null && silent)) {
      const waiting = sayings.waiting(waitingOf(pending), queue.lasting);
      if (waiting !== '') return waiting;
    }
    if (now < beyond.until) return sayings.over(beyond.n);
    const ahead = noso ? Date.parse(noso.startsAt) - now : 0;
    return ahead > 0 ? sayings.begins(ahead) : '';
  }

  /** The door is no more, or not yet. Clicks that came after the close are told of, and let go. */
  async function refused(code: string, reason: string | undefined): Promise<void> {
    if (code === 'not_open' && reason === 'not_yet') {
      notYet = true;
      return;
    }
    const ended = code === 'not_open' || (noso !== null && Date.parse(noso.endsAt) <= Date.now());
    const waiting = await queue.all();
    over = ended ? door.closed : door.revoked;
    if (waiting.length > 0) over += ` ${sayings.lost(waiting.length)}`;
    await queue.remove(waiting.map(({ id }) => id));
  }

  return self;
}
