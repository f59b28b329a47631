import { useMemo, useRef } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/service/words.js';
import { happensAt, openable, whyUntold } from './chosen.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { Fence } from './fence.js';
import type { Group } from './model/searching.js';
import { hrefOf, type Room } from './routes.js';

type Props = {
  groups: readonly Group[];
  room: Room;
  /** The one that is shown beside the list: it stands out. */
  selected: string | null;
  /** Opens one from the list. */
  open?: ((noso: Noso) => void) | undefined;
};

/** NoSos under their days, each a way to it. */
export function NosoRows({ groups, room, selected, open }: Props) {
  const mayOpen = openable(useDesk());
  return (
    <div>
      {groups.map((group) => (
        <section key={group.key}>
          <h2 class="day">{group.heading}</h2>
          <ul class="rows">
            {group.nosos.map((noso) => (
              <Fenced
                key={noso.id}
                noso={noso}
                room={room}
                chosen={noso.id === selected}
                open={mayOpen.has(noso.id) ? open : undefined}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

type RowProps = { noso: Noso; room: Room; chosen: boolean; open: Props['open'] };

/** Drawn anew only when something of it has changed: a programme may be long. */
function Fenced(props: RowProps) {
  const desk = useDesk();
  const { noso, room, chosen, open } = props;
  const { said, live } = second(desk, noso);
  const latest = useRef(open);
  latest.current = open;
  return useMemo(() => {
    const why = whyUntold(desk, noso);
    if (why) return <UndrawnRow {...props} why={why} />;
    const opening = open && ((which: Noso) => latest.current?.(which));
    return (
      <Fence of={noso} otherwise={<UndrawnRow {...props} why={desk.w.undrawn.thing} />}>
        <Row {...{ noso, room, chosen, said, live }} open={opening} />
      </Fence>
    );
  }, [noso, room, chosen, said, live, open !== undefined]);
}

function Row({ noso, room, chosen, open, said, live }: RowProps & Second) {
  const { w, t } = useDesk();
  return (
    <li class={live ? 'row' : 'row mute'}>
      <a href={hrefOf(room, noso.id)} aria-current={chosen ? 'true' : undefined}>
        <span class="hour">{hourInColumn(noso.venue, happensAt(noso))}</span>
        <span class="name">{noso.title}</span>
        <span class="place">{t(w.place, noso.venue)}</span>
        <span class="state">{w.states[noso.state]}</span>
        <span class="more-state">{said}</span>
      </a>
      {open && (
        <button class="link" type="button" onClick={() => open(noso)}>
          {w.row.open}
        </button>
      )}
    </li>
  );
}

/** What stands in the place of a row that cannot be drawn: still a way to the NoSo. */
function UndrawnRow({ noso, room, chosen, why }: RowProps & { why: string }) {
  return (
    <li class="row">
      <a href={hrefOf(room, noso.id)} aria-current={chosen ? 'true' : undefined}>
        <span class="hour">–</span>
        <span class="name">{noso.title}</span>
        <span class="place">{why}</span>
        <span class="state">{useDesk().w.states[noso.state]}</span>
      </a>
    </li>
  );
}

type Second = { said: string; live: boolean };

/** What stands under a NoSo's state: how many, or at most how many. */
function second(desk: Desk, noso: Noso): Second {
  const { w, t, store, figure } = desk;
  if (noso.state === 'open' && noso.count !== null) {
    return { said: figure(noso.count), live: store.countLink(noso.id).live };
  }
  if (noso.state === 'scheduled') {
    const { intents = 0 } = noso;
    const coming = t(w.row.intend, { n: intents, figure: figure(intents) });
    return { said: intents > 0 ? coming : noso.series ? w.row.series : '', live: true };
  }
  const record = noso.state === 'closed' ? store.record(noso.id) : undefined;
  return { said: record ? t(w.row.peak, { peak: figure(record.peak) }) : '', live: true };
}
