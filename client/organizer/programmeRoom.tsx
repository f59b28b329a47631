import { useEffect, useState } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { chosenNoso, programmeGroups } from './chosen.js';
import { Problem } from './consoleApi.js';
import { useDesk } from './consoleDesk.js';
import { FirstSteps } from './firstSteps.js';
import { foundIn } from './model/searching.js';
import { NosoPane } from './nosoPane.js';
import { NosoRows } from './nosoRows.js';
import { PlanPane } from './planPane.js';
import { go, hrefOf, NEW, type Route } from './routes.js';
import { SearchBox } from './searchBox.js';
import { SeriesPane } from './seriesPane.js';
import { SeriesRows } from './seriesRows.js';
import { useIntents } from './useIntents.js';

/** The programme: what is on, beside all that can be known and done about one NoSo. */
export function ProgrammeRoom({ route }: { route: Route }) {
  const desk = useDesk();
  const { w, store } = desk;
  const [opening, open] = useState<string | null>(null);
  const [sought, seek] = useState('');
  const groups = programmeGroups(desk);
  const found = foundIn(groups, sought);
  const none = groups.length === 0 ? w.programme.nothing : w.search.none;
  const noso = chosenNoso(desk, route);
  useIntents(noso?.id ?? null);
  const series = route.doing === 'series' ? route.id : null;
  const gone = useAsked(noso || series ? null : route.id);
  const planning = route.id === NEW || route.doing !== null;
  useEffect(() => {
    for (const { nosos } of groups) {
      for (const each of nosos) if (each.state === 'closed') store.wantRecord(each.id);
    }
  });

  function pane() {
    if (series) return <SeriesPane key={series} id={series} />;
    if (route.id === NEW) return <PlanPane key={NEW} of={null} doing={null} />;
    if (!noso) return <Missing gone={gone} />;
    if (planning)
      return <PlanPane key={`${noso.id} ${route.doing}`} of={noso} doing={route.doing} />;
    return (
      <NosoPane
        key={noso.id}
        noso={noso}
        room="programme"
        opening={opening === noso.id}
        opened={() => open(null)}
      />
    );
  }
  const openFromList = ({ id }: Noso) => {
    open(id);
    go(hrefOf('programme', id));
  };
  return (
    <div class={route.id ? 'room chosen' : 'room'}>
      <div class="list">
        <div class="list-head">
          <a class="button primary" href={hrefOf('programme', NEW)}>
            {w.plan.title}
          </a>
          <SearchBox typed={sought} type={seek} />
        </div>
        <NosoRows groups={found} room="programme" selected={noso?.id ?? null} open={openFromList} />
        <p class="nothing" role="status">
          {found.length === 0 && store.link().heardAt !== null && none}
        </p>
        <SeriesRows route={route} />
        <FirstSteps key={route.id} />
      </div>
      <div class="beside-list">{pane()}</div>
    </div>
  );
}

/**
 * An address may lead to a NoSo of another day, which the live line does not bring: asked for once.
 * True where nobody has it.
 */
function useAsked(id: string | null): boolean {
  const { api, store } = useDesk();
  const [gone, setGone] = useState<string | null>(null);
  useEffect(() => {
    if (id === null || id === NEW) return;
    const failed = (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      setGone(id);
    };
    void api.noso(id).then(store.put, failed);
  }, [id]);
  return id !== null && gone === id;
}

function Missing({ gone }: { gone: boolean }) {
  const { w } = useDesk();
  return (
    <div class="pane">
      <p class="back">
        <a class="link" href={hrefOf('programme')}>
          {w.back.programme}
        </a>
      </p>
      <p class="missing" role="status">
        {gone && w.problems.codes.not_found}
      </p>
    </div>
  );
}
