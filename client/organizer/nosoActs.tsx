import { NUMBERS } from '../../src/protocol/bounds.js';
import type { Noso } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt } from './attempt.js';
import { CapacityAct } from './capacityAct.js';
import { EARLIEST } from './chosen.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { hourIn } from './model/zoneTime.js';
import { saveCsv, saveJson } from './recordFiles.js';
import { go, hrefOf, type Room } from './routes.js';
import { gathers } from './sayings.js';
import { TakeBack } from './takeBack.js';
import { lengthInWords } from './venueTime.js';

const MINUTE = 60_000;
const MORE = 15 * MINUTE;
const LATER = 5 * MINUTE;
const LONGEST = NUMBERS.minutes.most * MINUTE;
/** Opening this much early needs no question, nor does opening when people were to gather. */
const EARLY = 5 * MINUTE;

type Props = {
  noso: Noso;
  /** Where to go when there is nothing left to see here. */
  room: Room;
  /** Whether "open it" was pressed in the list; `opened` takes note. */
  opening: boolean;
  opened(): void;
};

/** What may be done with a NoSo in its present state. What cannot be undone is asked about. */
export function NosoActs({ noso, room, opening, opened }: Props) {
  const desk = useDesk();
  const { w, t, store, api } = desk;
  const { trouble, attempt } = useAttempt();
  const hour = (at: number) => hourIn(noso.venue, at);
  const longer = Date.parse(noso.endsAt) + MORE;
  /** Does it; what comes of it is put where it is shown. */
  const change = (work: () => Promise<Noso>) => () => attempt(async () => store.put(await work()));

  const again = (
    <span class="act" key="again">
      <a class="link" href={hrefOf('programme', noso.id, 'again')}>
        {w.act.again}
      </a>
    </span>
  );
  const forget = (
    <Act
      key="forget"
      style="link"
      label={w.act.delete}
      question={noso.state === 'closed' ? w.act.deleteRecord : w.act.deleteQuestion}
      act={() =>
        attempt(async () => {
          await api.forget(noso.id);
          store.forget(noso.id);
          go(hrefOf(room), true);
        })
      }
    />
  );

  /** While people gather: the silence begins at once, or a little later than planned. */
  function beginning() {
    const starts = Date.parse(noso.startsAt);
    const later = starts + LATER;
    const startAt = (at: number) =>
      change(() => api.amend(noso.id, { startsAt: new Date(at).toISOString() }));
    return [
      <Act
        key="begin"
        label={w.act.begin}
        value={hour(store.now())}
        question={t(w.act.beginQuestion, { length: lengthInWords(desk, starts - store.now()) })}
        act={startAt(store.now())}
      />,
      <Act
        key="later"
        label={w.act.later}
        value={hour(later)}
        offered={later < Date.parse(noso.endsAt)}
        act={startAt(later)}
      />,
    ];
  }

  function acts() {
    switch (noso.state) {
      case 'scheduled':
        return [
          <Act
            key="open"
            label={w.act.open}
            value={hour(store.now())}
            question={early(desk, noso)}
            offered={Date.parse(noso.startsAt) - store.now() <= EARLIEST}
            act={change(() => api.open(noso.id))}
            pressed={opening}
            heard={opened}
          />,
          <p class="about hours" key="hours">
            {hoursIfOpened(desk, noso)}
          </p>,
          <Act
            key="cancel"
            label={w.act.cancel}
            question={w.act.cancelQuestion}
            act={change(() => api.cancel(noso.id))}
          />,
          again,
          forget,
        ];
      case 'open':
        return [
          ...(gathers(noso, store.now()) ? beginning() : []),
          <Act
            key="extend"
            label={w.act.extend}
            value={hour(longer)}
            offered={longer - Date.parse(noso.startsAt) <= LONGEST}
            act={change(() => api.amend(noso.id, { endsAt: new Date(longer).toISOString() }))}
          />,
          <CapacityAct key="capacity" noso={noso} />,
          <TakeBack key="back" noso={noso} attempt={attempt} />,
          <Act
            key="close"
            label={w.act.close}
            value={hour(store.now())}
            question={closing(desk, noso)}
            act={change(() => api.close(noso.id))}
          />,
        ];
      case 'closed':
        return [...files(desk, noso), again, forget];
      case 'cancelled':
        return [again, forget];
    }
  }
  return (
    <div>
      <div class="acts">{acts()}</div>
      <p class="about strained" role="status">
        {noso.state === 'open' && store.strained(noso.id) && w.strained}
      </p>
      <p class="trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}

/** What opening now does to the hours; nothing where it is on time. */
function hoursIfOpened(desk: Desk, noso: Noso): string {
  const { w, t, store } = desk;
  const ahead = Date.parse(noso.startsAt) - store.now();
  const left = Date.parse(noso.endsAt) - store.now();
  const hour = (at: string) => hourIn(noso.venue, Date.parse(at));
  const holes = { start: hour(noso.startsAt), end: hour(noso.endsAt) };
  if (left <= 0) return w.problems.endPassed;
  if (ahead > EARLIEST) return t(w.act.opensFrom, { length: lengthInWords(desk, EARLIEST) });
  if (ahead > MINUTE) {
    return t(w.act.gathers, { ...holes, length: lengthInWords(desk, ahead) });
  }
  return ahead < -MINUTE ? t(w.act.late, { ...holes, length: lengthInWords(desk, left) }) : '';
}

function early(desk: Desk, noso: Noso): string | null {
  const { w, t, store } = desk;
  const ahead = Date.parse(noso.startsAt) - store.now();
  const gather = (noso.gather ?? 0) * MINUTE;
  return ahead > Math.max(EARLY, gather)
    ? t(w.act.openEarly, { length: lengthInWords(desk, ahead) })
    : null;
}

/** It says for how many, where that is known to be so. */
function closing({ w, t, store, figure }: Desk, noso: Noso): string {
  const n = store.countLink(noso.id).live ? noso.count : null;
  return n === null ? w.act.closeBlind : t(w.act.closeFor, { n, figure: figure(n) });
}

/** A record, to take away: as a table, as data, on paper. */
function files({ w, store }: Desk, noso: Noso) {
  const record = store.record(noso.id);
  const kinds = [
    ['csv', saveCsv],
    ['json', saveJson],
    ['print', () => print()],
  ] as const;
  return kinds.map(([kind, save]) => (
    <Act
      key={kind}
      label={w.records[kind]}
      offered={record !== undefined}
      act={async () => record && save({ noso, record })}
    />
  ));
}
