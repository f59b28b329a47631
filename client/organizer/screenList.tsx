import { useState } from 'preact/hooks';
import type { Venue, WallInfo } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt } from './attempt.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { Fence } from './fence.js';
import { Form } from './form.js';
import { numberOf } from './model/measures.js';
import { ScreenFields, screenChecks } from './screenFields.js';
import { answeredWhen, type useWalls, wallState } from './wallsList.js';

/** How long a wall shows its name (contract), ms. */
const IDENTIFIED = 10_000;

type Walls = ReturnType<typeof useWalls>;

/** A venue's screens: what each is, what it shows, and what can be done with it. */
export function Screens({ venue, walls }: { venue: Venue; walls: Walls }) {
  const desk = useDesk();
  const { w } = desk;
  const all = walls.known?.value.walls ?? [];
  return (
    <>
      <ul class="walls screens">
        {all.map((wall) => (
          <Fence key={wall.id} of={walls.known} otherwise={<li>{w.undrawn.thing}</li>}>
            <Screen venue={venue} wall={wall} walls={walls} />
          </Fence>
        ))}
      </ul>
      {walls.known && all.length === 0 && <p class="note">{w.walls.nowhere}</p>}
      <p class="note">{versions(desk, all)}</p>
    </>
  );
}

function Screen({ venue, wall, walls }: { venue: Venue; wall: WallInfo; walls: Walls }) {
  const desk = useDesk();
  const { w, t, api, store } = desk;
  const { trouble, attempt } = useAttempt();
  const [until, identify] = useState(0);
  const [renaming, rename] = useState(false);
  const { said, live } = wallState(desk, venue, wall, answeredWhen(desk, walls));
  const left = Math.ceil((until - store.now()) / 1000);
  const doing = (work: () => Promise<unknown>) => async () => {
    await attempt(work);
    await walls.refresh();
  };
  return (
    <li class={live ? undefined : 'mute'}>
      <span class="screen">
        <span class="name">{wall.name || w.walls.unnamed}</span>
        <span class="about">{stands(desk, wall)}</span>
      </span>
      <span class="screen said">
        <span>{left > 0 ? t(w.walls.itsName, { n: left }) : showing(desk, venue, wall)}</span>
        <span class="about">{said}</span>
      </span>
      <Act
        style="link"
        label={w.walls.identify}
        act={doing(async () => {
          await api.identifyWall(wall.id);
          identify(store.now() + IDENTIFIED);
        })}
      />
      <Act style="link" label={w.walls.rename} act={async () => rename(!renaming)} />
      <Act
        style="link"
        label={w.walls.revoke}
        question={w.walls.revokeQuestion}
        act={doing(() => api.revokeWall(wall.id))}
      />
      {trouble && (
        <p class="trouble" role="alert">
          {trouble}
        </p>
      )}
      {renaming && (
        <Form
          class="form renaming"
          initial={{
            name: wall.name,
            diagonal: wall.diagonal === null ? '' : String(wall.diagonal),
            distance: wall.distance === null ? '' : String(wall.distance),
          }}
          checks={screenChecks(desk)}
          submit={async ({ name, diagonal, distance }) => {
            const measures = { diagonal: numberOf(diagonal), distance: numberOf(distance) };
            await api.amendWall(wall.id, name ? { name, ...measures } : measures);
            rename(false);
            await walls.refresh();
          }}
          button={w.plan.save}
        >
          {() => <ScreenFields />}
        </Form>
      )}
    </li>
  );
}

/** "1920 × 1080, 55 inches at 4 m", as far as it is known. */
function stands({ w, t, code }: Desk, wall: WallInfo): string {
  const { width, height, zoom = 1, diagonal, distance } = wall;
  const number = (n: number) => new Intl.NumberFormat(code).format(n);
  const size = width && height ? `${Math.round(width * zoom)} × ${Math.round(height * zoom)}` : '';
  const measures = [
    diagonal === null ? '' : t(w.walls.size, { n: number(diagonal) }),
    distance === null ? '' : t(w.walls.away, { n: number(distance) }),
  ];
  return [size, measures.filter(Boolean).join(' ')].filter(Boolean).join(', ');
}

/** What is on it, in words; with the count where it is that of the venue's open NoSo. */
function showing({ w, t, store, figure }: Desk, venue: Venue, wall: WallInfo): string {
  const words: Record<string, string> = w.walls.shows;
  const word = words[wall.shows ?? ''] ?? '';
  const open = store.nosos().find((n) => n.venue.id === venue.id && n.state === 'open');
  const counts = wall.shows === 'during' || wall.shows === 'gathering';
  const count = counts ? (open?.count ?? null) : null;
  return count === null ? word : t(w.walls.showsCount, { word, count: figure(count) });
}

/** One sentence, and only where screens run an earlier version than the server's. */
function versions({ w, t }: Desk, walls: readonly WallInfo[]): string {
  const older = walls.filter(({ earlier }) => earlier);
  if (older.length === 0) return '';
  const names = older.map(({ name }) => name || w.walls.unnamed).join(', ');
  return t(w.walls.versions, { names });
}
