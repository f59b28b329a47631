import type { ComponentChildren } from 'preact';
import type { Venue, WallInfo } from '../../src/protocol/wire.js';
import type { Zone } from '../../src/service/words.js';
import { usePolled } from './attempt.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { Fence } from './fence.js';
import { hourOrDay } from './venueTime.js';

const POLL = 5_000;
/** Walls are sent a beat every 2 s, noted now and then: past this, nobody is looking at a live one. */
const MUTE = 12_000;

/** A venue's walls, asked for now and again. */
export function useWalls(venue: string) {
  const { api } = useDesk();
  return usePolled(POLL, () => api.walls(venue));
}

type Props = {
  venue: Venue;
  walls: ReturnType<typeof useWalls>;
  /** Stands where there is none. */
  empty: ComponentChildren;
};

/**
 * A venue's walls: live, or silent since when. While we are cut off ourselves the last answer is
 * shown as of its hour: it may be a wall that is fine.
 */
export function WallsList({ venue, walls, empty }: Props) {
  const desk = useDesk();
  const { known } = walls;
  const all = known?.value.walls ?? [];
  const answeredAt = answeredWhen(desk, walls);
  return (
    <div>
      <ul class="walls">
        {all.map((wall) => (
          <Fence key={wall.id} of={known} otherwise={<Undrawn wall={wall} />}>
            <Wall wall={wall} state={() => wallState(desk, venue, wall, answeredAt)} />
          </Fence>
        ))}
      </ul>
      {known && all.length === 0 && <p class="note">{empty}</p>}
    </div>
  );
}

export type WallState = { said: string; live: boolean };

/** When the server answered, by its own clock (ms). */
export const answeredWhen = ({ store }: Desk, { known }: ReturnType<typeof useWalls>): number =>
  store.now() - (Date.now() - (known?.at ?? 0));

/** `answeredAt`: when the server said so, by its own clock. */
export function wallState(desk: Desk, zone: Zone, wall: WallInfo, answeredAt: number): WallState {
  const { w, t, store } = desk;
  if (wall.lastBeat === null) return { said: w.walls.never, live: false };
  const beat = Date.parse(wall.lastBeat);
  // An hour that is none is not a live one either.
  if (!(answeredAt - beat <= MUTE)) {
    return { said: t(w.walls.mute, { hour: hourOrDay(desk, zone, beat) }), live: false };
  }
  if (store.link().live && store.now() - answeredAt < MUTE)
    return { said: w.walls.live, live: true };
  return { said: t(w.walls.liveAt, { hour: hourOrDay(desk, zone, answeredAt) }), live: false };
}

function Wall(props: { wall: WallInfo; state(): WallState }) {
  const { w } = useDesk();
  const { said, live } = props.state();
  return (
    <li class={live ? undefined : 'mute'}>
      <span>{props.wall.name || w.walls.unnamed}</span>
      <span class="said">{said}</span>
    </li>
  );
}

function Undrawn({ wall }: { wall: WallInfo }) {
  const { w } = useDesk();
  return (
    <li class="mute">
      <span>{wall.name || w.walls.unnamed}</span>
      <span class="said">{w.undrawn.thing}</span>
    </li>
  );
}
