import type { Noso } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/service/words.js';
import { happensAt, whyUntold } from './chosen.js';
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
  return (
    <div>
      {groups.map((group) => (
        <section key={group.key}>
          <h2 class="day">{group.heading}</h2>
          <ul class="rows">
            {group.nosos.map((noso) => (
              <Fenced key={noso.id} {...{ noso, room, chosen: noso.id === selected, open }} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

type RowProps = { noso: Noso; room: Room; chosen: boolean; open: Props['open'] };

function Fenced(props: RowProps) {
  const desk = useDesk();
  const why = whyUntold(desk, props.noso);
  if (why) return <UndrawnRow {...props} why={why} />;
  return (
    <Fence of={props.noso} otherwise={<UndrawnRow {...props} why={desk.w.undrawn.thing} />}>
      <Row {...props} />
    </Fence>
  );
}

function Row({ noso, room, chosen, open }: RowProps) {
  const desk = useDesk();
  const { w, t } = desk;
  const { said, live } = second(desk, noso);
  return (
    <li class={live ? 'row' : 'row mute'}>
      <a href={hrefOf(room, noso.id)} aria-current={chosen ? 'true' : undefined}>
        <span class="hour">{hourInColumn(noso.venue, happensAt(noso))}</span>
        <span class="name">{noso.title}</span>
        <span class="place">{t(w.place, noso.venue)}</span>
        <span class="state">{w.states[noso.state]}</span>
        <span class="more-state">{said}</span>
      </a>
      {open && mayOpen(desk, noso) && (
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

/** What stands under a NoSo's state: how many, or at most how many. */
function second(desk: Desk, noso: Noso): { said: string; live: boolean } {
  const { w, t, store, figure } = desk;
  if (noso.state === 'open' && noso.count !== null) {
    return { said: figure(noso.count), live: store.countLink(noso.id).live };
  }
  const record = noso.state === 'closed' ? store.record(noso.id) : undefined;
  return { said: record ? t(w.row.peak, { peak: figure(record.peak) }) : '', live: true };
}

/** Today's next at a venue may be opened from the list, where nothing is open at that venue. */
function mayOpen({ store }: Desk, noso: Noso): boolean {
  if (noso.state !== 'scheduled' || noso.opens !== 'organizer') return false;
  const soon = Date.parse(noso.startsAt) - store.now() < 12 * 3_600_000;
  const others = store.nosos().filter((n) => n.venue.id === noso.venue.id && n.id !== noso.id);
  const taken = others.some((n) => n.state === 'open');
  const first = !others.some((n) => n.state === 'scheduled' && n.startsAt < noso.startsAt);
  return soon && !taken && first;
}
