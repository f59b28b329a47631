import type { Noso } from '../../src/protocol/wire.js';
import { type Actions, actions } from './actions.js';
import { codeOfTheMoment } from './code.js';
import { curve } from './curve.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';
import { lacking, liveDrawing, recordDrawing } from './drawings.js';
import { figure } from './figure.js';
import { hrefOf, type Room } from './router.js';
import { figureOf, lineOf } from './sayings.js';
import { walls } from './walls.js';

export type Detail = Part & Pick<Actions, 'open'>;

/** One NoSo: what it is, how it stands, what can be done. `room` is where the way back leads. */
export function detail(desk: Desk, room: Room, first: Noso): Detail {
  const { w, store } = desk;
  let last = first;
  const noso = () => {
    last = store.noso(first.id) ?? last;
    return last;
  };
  const title = h('h2', { class: 'title', tabindex: '-1' });
  const said = h('span', {});
  const edit = h('a', { class: 'link', href: hrefOf('programme', first.id, 'edit') }, w.act.edit);
  const line = h('p', { class: 'about' });
  const count = figure();
  const steps = curve();
  const partial = h('p', { class: 'note partial' });
  const act = actions(desk, room, noso);
  const screens = walls(desk, first.venue, {
    empty: h(
      'span',
      {},
      `${w.walls.none} `,
      h('a', { class: 'link', href: hrefOf('venues', first.venue.id) }, w.walls.addOne),
    ),
  });
  const code = codeOfTheMoment(desk, noso);
  const column = (name: string, heading: string, ...inside: Node[]) =>
    h('section', { class: `column ${name}` }, h('h3', {}, heading), ...inside);
  const acting = column('acting', w.act.title, act.node);
  const showing = column('showing', w.walls.title, screens.node);
  const coded = column('coded', w.code.title, code.node);
  const columns = h('div', { class: 'columns' });
  const node = h(
    'article',
    { class: 'pane' },
    h('p', { class: 'back' }, h('a', { class: 'link', href: hrefOf(room) }, w.back[room])),
    title,
    line,
    count.node,
    steps.node,
    partial,
    columns,
  );

  function update(): void {
    const it = noso();
    const running = it.state === 'open' || it.state === 'scheduled';
    text(title, it.title);
    text(said, `${lineOf(desk, it)} `);
    fill(line, running ? [said, edit] : [said]);
    count.show(figureOf(desk, it));
    const drawing = it.state === 'open' ? liveDrawing(desk, it) : recordDrawing(desk, it);
    set(steps.node, 'hidden', drawing === null);
    if (drawing) steps.draw(drawing);
    text(partial, lacking(desk, it));
    set(columns, 'class', running ? 'columns' : 'columns ended');
    fill(columns, running ? [acting, showing, coded] : [acting]);
    act.update();
    if (running) {
      screens.update();
      code.update();
    } else if (it.state === 'closed') {
      void store.loadRecord(it.id).catch(() => {});
    }
  }

  return {
    node,
    update,
    open: () => act.open(),
    stop() {
      screens.stop?.();
      code.stop?.();
    },
  };
}
