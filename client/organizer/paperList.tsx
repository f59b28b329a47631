import { NUMBERS } from '../../src/protocol/bounds.js';
import type { Noso } from '../../src/protocol/wire.js';
import { usePolled } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { TextField } from './formFields.js';
import { whole } from './model/whole.js';

const POLL = 10_000;
/** What the print page makes of a NoSo. */
const SHEETS = ['sheets', 'how', 'exit'] as const;

/** Numbers on paper: how many are seated of those that were drawn, more of them, and what to print. */
export function PaperList({ noso }: { noso: Noso }) {
  const { w, t, api, figure } = useDesk();
  const { known, refresh } = usePolled(POLL, () => api.paper(noso.id));
  const drawn = known?.value.paper ?? [];
  const seated = drawn.filter((each) => each.seated).length;
  const { least, most } = NUMBERS.paper;
  const sheet = (asked: Record<string, string>) =>
    `/organize/print?${new URLSearchParams({ noso: noso.id, ...asked })}`;
  return (
    <>
      {drawn.length > 0 && (
        <p class="said">
          {t(w.paper.seated, { n: seated, figure: figure(seated), of: figure(drawn.length) })}
        </p>
      )}
      <Form
        class="form noting"
        initial={{ count: '' }}
        again
        checks={{
          count: ({ count }) => {
            const n = whole(count);
            return n === null || n < least || n > most ? w.paper.bounds : null;
          },
        }}
        submit={async ({ count }) => {
          await api.drawPaper(noso.id, Number(count));
          await refresh();
        }}
        button={w.paper.draw}
      >
        {() => <TextField name="count" label={w.paper.label} inputMode="numeric" />}
      </Form>
      {SHEETS.map((what) => (
        <p key={what}>
          <a class="link" href={sheet({ what })} target="_blank" rel="noreferrer">
            {w.paper[what]}
          </a>
          {what !== 'sheets' && (
            <a
              class="link"
              href={sheet({ what, size: 'a5' })}
              target="_blank"
              rel="noreferrer"
              aria-label={`${w.paper[what]}, A5`}
            >
              A5
            </a>
          )}
        </p>
      ))}
    </>
  );
}
