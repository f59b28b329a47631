import type { Venue, WallInfo } from '../../src/protocol/wire.js';
import { act } from './confirm.js';
import { type Desk, every } from './desk.js';
import { h, keyed, type Part, set, text } from './dom.js';
import { inWords } from './problems.js';
import { hourOrDay } from './time.js';

const POLL = 5_000;
/** Walls are sent a beat every 2 s, noted now and then: past this, nobody is looking at a live one. */
const MUTE = 12_000;

/**
 * A venue's walls: live, or silent since when. With `revoke`, each can be taken its link. While we
 * are cut off ourselves the last answer is shown as of its hour: it may be a wall that is fine.
 */
export function walls(
  desk: Desk,
  venue: Venue,
  options: { revoke?: boolean; empty: Node },
): Part & { refresh(): Promise<void> } {
  const { w, t, store, api } = desk;
  const list = h('ul', { class: 'walls' });
  const empty = h('p', { class: 'note', hidden: true }, options.empty);
  const trouble = h('p', { class: 'note', role: 'alert' });
  const node = h('div', {}, list, empty, trouble);
  /** `at`: by this machine's clock, since the server's may be learnt a moment later. */
  let known: { walls: WallInfo[]; at: number } | null = null;
  const answeredAt = () => store.now() - (Date.now() - (known?.at ?? 0));

  function state(wall: WallInfo, at: number): { said: string; live: boolean } {
    if (wall.lastBeat === null) return { said: w.walls.never, live: false };
    const beat = Date.parse(wall.lastBeat);
    if (at - beat > MUTE) {
      return {
        said: t(w.walls.mute, { hour: hourOrDay(desk, venue.timeZone, beat) }),
        live: false,
      };
    }
    if (store.link().live && store.now() - at < MUTE) return { said: w.walls.live, live: true };
    return { said: t(w.walls.liveAt, { hour: hourOrDay(desk, venue.timeZone, at) }), live: false };
  }

  const rows = keyed<WallInfo>(
    list,
    (wall) => wall.id,
    (made) => {
      const name = h('span', {});
      const said = h('span', { class: 'said' });
      const revoking = options.revoke
        ? act(desk, {
            label: () => w.walls.revoke,
            question: () => w.walls.revokeQuestion,
            class: 'link',
            act: async () => {
              try {
                await api.revokeWall(made.id);
                text(trouble, '');
              } catch (error) {
                text(trouble, inWords(desk, error));
              }
              await refresh();
            },
          })
        : null;
      const row = h('li', {}, name, said, revoking?.node ?? null);
      return {
        node: row,
        refresh: (wall) => {
          const { said: words, live } = state(wall, answeredAt());
          text(name, wall.name || w.walls.unnamed);
          text(said, words);
          set(row, 'class', live ? null : 'mute');
          revoking?.update();
        },
      };
    },
  );

  async function refresh(): Promise<void> {
    try {
      const answer = await api.walls(venue.id);
      known = { walls: answer.walls, at: Date.now() };
    } catch {
      // Said by what is shown: it stays, with its hour, and the next poll is near.
    }
    update();
  }
  function update(): void {
    rows(known?.walls ?? []);
    set(empty, 'hidden', known?.walls.length !== 0);
  }
  const stop = every(POLL, () => void refresh());
  void refresh();
  return { node, update, stop, refresh };
}
