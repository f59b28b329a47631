import { NUMBERS } from '../../src/protocol/bounds.js';
import type { Noso } from '../../src/protocol/wire.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { TextField } from './formFields.js';
import { whole } from './model/whole.js';
import { hourIn } from './model/zoneTime.js';

const DAY = 24 * 3_600_000;

/** Whether people may be counted by eye: while it is open, and until a day after. */
export const mayCount = (noso: Noso, now: number): boolean =>
  noso.state === 'open' || (noso.state === 'closed' && now < Date.parse(noso.endsAt) + DAY);

/** What was counted by eye, the latest first, and a field to take down one more. */
export function Headcounts({ noso }: { noso: Noso }) {
  const { w, api, store, figure } = useDesk();
  const taken = [...(store.record(noso.id)?.headcounts ?? [])].reverse();
  const { least, most } = NUMBERS.headcount;
  return (
    <>
      <ul class="walls">
        {taken.map(({ at, count }) => (
          <li key={at}>
            <span>{figure(count)}</span>
            <span class="said">{hourIn(noso.venue, Date.parse(at))}</span>
          </li>
        ))}
      </ul>
      <Form
        class="form noting"
        initial={{ count: '' }}
        again
        checks={{
          count: ({ count }) => {
            const n = whole(count);
            return n === null || n < least || n > most ? w.problems.headcount : null;
          },
        }}
        submit={async ({ count }) =>
          store.putHeadcount(noso.id, await api.headcount(noso.id, Number(count)))
        }
        button={w.heads.note}
      >
        {() => <TextField name="count" label={w.heads.label} inputMode="numeric" />}
      </Form>
    </>
  );
}
