import { useEffect, useState } from 'preact/hooks';
import { useAttempt } from './attempt.js';
import { chosenNoso, recordGroups, yearsOf } from './chosen.js';
import { useDesk } from './consoleDesk.js';
import { foundIn, type Group } from './model/searching.js';
import { NosoPane } from './nosoPane.js';
import { NosoRows } from './nosoRows.js';
import { hrefOf, type Route } from './routes.js';
import { SearchBox } from './searchBox.js';
import { YearPane } from './yearPane.js';

/** How many records to fetch at a time for the peaks in the list. */
const AT_ONCE = 2;

/** What remains of closed NoSos: counts and times, and no number. The latest stands first. */
export function RecordsRoom({ route }: { route: Route }) {
  const desk = useDesk();
  const { w, store } = desk;
  const { trouble, attempt } = useAttempt();
  const [fetched, setFetched] = useState(false);
  useEffect(() => void attempt(store.loadClosed).then(setFetched), []);
  const [sought, seek] = useState('');
  const groups = recordGroups(desk);
  const found = foundIn(groups, sought);
  const none = groups.length === 0 ? w.records.none : w.search.none;
  const noso = chosenNoso(desk, route);
  // No NoSo's id is a year.
  const year = /^\d{4}$/.test(route.id ?? '') ? route.id : null;
  useEffect(() => {
    const wanted = groups.flatMap(({ nosos }) => nosos).filter(({ id }) => !store.record(id));
    for (const { id } of wanted.slice(0, AT_ONCE)) store.wantRecord(id);
  });
  return (
    <div class={route.id ? 'room chosen' : 'room'}>
      <div class="list">
        <div class="list-head">
          <SearchBox typed={sought} type={seek} />
        </div>
        <Years groups={groups} chosen={year} />
        <NosoRows groups={found} room="records" selected={noso?.id ?? null} />
        <p class="nothing" role="status">
          {trouble || (fetched && found.length === 0 && none)}
        </p>
      </div>
      <div class="beside-list">
        {year && <YearPane key={year} year={year} />}
        {noso && <NosoPane key={noso.id} noso={noso} room="records" />}
      </div>
    </div>
  );
}

/** The ways to what each year came to. */
function Years({ groups, chosen }: { groups: readonly Group[]; chosen: string | null }) {
  const { w } = useDesk();
  const years = yearsOf(groups);
  if (years.length === 0) return null;
  return (
    <p class="years">
      {w.records.years}
      {years.map((year) => (
        <a
          key={year}
          class="link"
          href={hrefOf('records', year)}
          aria-current={year === chosen ? 'true' : undefined}
        >
          {year}
        </a>
      ))}
    </p>
  );
}
