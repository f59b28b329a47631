import { useEffect, useState } from 'preact/hooks';
import { useAttempt } from './attempt.js';
import { chosenNoso, recordGroups } from './chosen.js';
import { useDesk } from './consoleDesk.js';
import { NosoPane } from './nosoPane.js';
import { NosoRows } from './nosoRows.js';
import type { Route } from './routes.js';

/** How many records to fetch at a time for the peaks in the list. */
const AT_ONCE = 2;

/** What remains of closed NoSos: counts and times, and no number. The latest stands first. */
export function RecordsRoom({ route }: { route: Route }) {
  const desk = useDesk();
  const { w, store } = desk;
  const { trouble, attempt } = useAttempt();
  const [fetched, setFetched] = useState(false);
  useEffect(() => void attempt(store.loadClosed).then(setFetched), []);
  const groups = recordGroups(desk);
  const noso = chosenNoso(desk, route);
  useEffect(() => {
    const wanted = groups.flatMap(({ nosos }) => nosos).filter(({ id }) => !store.record(id));
    for (const { id } of wanted.slice(0, AT_ONCE)) store.wantRecord(id);
  });
  return (
    <div class={route.id ? 'room chosen' : 'room'}>
      <div class="list">
        <NosoRows groups={groups} room="records" selected={noso?.id ?? null} />
        <p class="nothing" role="status">
          {trouble || (fetched && groups.length === 0 && w.records.none)}
        </p>
      </div>
      <div class="beside-list">{noso && <NosoPane key={noso.id} noso={noso} room="records" />}</div>
    </div>
  );
}
