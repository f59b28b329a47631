import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { whyUntold } from './chosen.js';
import { CodeNow } from './codeNow.js';
import { useDesk } from './consoleDesk.js';
import { Curve } from './curve.js';
import { DoorsList } from './doorsList.js';
import { drawingOf } from './drawings.js';
import { Fence } from './fence.js';
import { Headcounts, mayCount } from './headcounts.js';
import { LargeFigure } from './largeFigure.js';
import { NosoActs } from './nosoActs.js';
import { PaperList } from './paperList.js';
import { hrefOf, type Room } from './routes.js';
import { countedOf, figureOf, lineOf } from './sayings.js';
import { useWalls, WallsList } from './wallsList.js';

type Props = {
  noso: Noso;
  /** Where the way back leads. */
  room: Room;
  opening?: boolean;
  opened?: () => void;
};

/** One NoSo: what it is, how it stands, what can be done. */
export function NosoPane({ noso, room, opening = false, opened = () => {} }: Props) {
  const desk = useDesk();
  const { w, store } = desk;
  const running = noso.state === 'open' || noso.state === 'scheduled';
  useEffect(() => {
    if (noso.state === 'closed' || noso.state === 'open') store.wantRecord(noso.id);
  });
  return (
    <article class="pane">
      <p class="back">
        <a class="link" href={hrefOf(room)}>
          {w.back[room]}
        </a>
      </p>
      <h2 class="title" tabIndex={-1}>
        {noso.title}
      </h2>
      <p class="about">
        <Fence of={noso} otherwise={whyUntold(desk, noso) ?? w.undrawn.thing}>
          <Line noso={noso} />
        </Fence>{' '}
        {running && noso.series && (
          <>
            <a class="link" href={hrefOf('programme', noso.series, 'series')}>
              {w.series.one}
            </a>{' '}
          </>
        )}
        {running && (
          <a class="link" href={hrefOf('programme', noso.id, 'edit')}>
            {w.act.edit}
          </a>
        )}
      </p>
      <Fence of={noso} otherwise={null}>
        <Counted noso={noso} />
        <Standing noso={noso} />
      </Fence>
      <div class={running ? 'columns' : 'columns ended'}>
        <Column name="acting" heading={w.act.title}>
          <NosoActs {...{ noso, room, opening, opened }} />
        </Column>
        {running && (
          <Column name="showing" heading={w.walls.title}>
            <WallsHere noso={noso} />
          </Column>
        )}
        {running && (
          <Column name="doors" heading={w.doors.title}>
            <DoorsList noso={noso} />
          </Column>
        )}
        {running && (
          <Column name="papers" heading={w.paper.title}>
            <PaperList noso={noso} />
          </Column>
        )}
        {mayCount(noso, store.now()) && (
          <Column name="counted" heading={w.heads.title}>
            <Headcounts noso={noso} />
          </Column>
        )}
        {running && (
          <Column name="coded" heading={w.code.title}>
            <CodeNow key={noso.state} noso={noso} />
          </Column>
        )}
      </div>
    </article>
  );
}

function Column(props: { name: string; heading: string; children: ComponentChildren }) {
  return (
    <section class={`column ${props.name}`}>
      <h3>{props.heading}</h3>
      {props.children}
    </section>
  );
}

function Line({ noso }: { noso: Noso }) {
  return <span>{lineOf(useDesk(), noso)}</span>;
}

function Counted({ noso }: { noso: Noso }) {
  const said = countedOf(useDesk(), noso);
  return said === '' ? null : <p class="about">{said}</p>;
}

/** The figure, and the count over time. */
function Standing({ noso }: { noso: Noso }) {
  const desk = useDesk();
  const drawing = drawingOf(desk, noso);
  return (
    <>
      <LargeFigure of={figureOf(desk, noso)} />
      {drawing && <Curve of={drawing} />}
    </>
  );
}

function WallsHere({ noso: { venue } }: { noso: Noso }) {
  const { w } = useDesk();
  const none = (
    <>
      {w.walls.none}{' '}
      <a class="link" href={hrefOf('venues', venue.id)}>
        {w.walls.addOne}
      </a>
    </>
  );
  return <WallsList venue={venue} walls={useWalls(venue.id)} empty={none} />;
}
