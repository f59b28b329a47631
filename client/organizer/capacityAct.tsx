import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { useAttempt } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { whole } from './model/whole.js';

/**
 * The button that becomes a field: how many seats there are, or none typed for no limit. What is
 * refused stays in it, with the reason beneath.
 */
export function CapacityAct({ noso }: { noso: Noso }) {
  const { w, api, store, figure } = useDesk();
  const { trouble, attempt } = useAttempt();
  const [typed, type] = useState<string | null>(null);
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editing = typed !== null;
  const edited = useRef(false);
  useLayoutEffect(() => {
    if (editing) field.current?.select();
    else if (edited.current) button.current?.focus();
    edited.current = editing;
  }, [editing]);

  async function send(): Promise<void> {
    const said = typed?.trim() ?? '';
    const capacity = said === '' ? null : whole(said);
    const fits = said === '' || (capacity !== null && capacity > 0);
    setFault(fits ? '' : w.problems.capacityShape);
    if (busy || !fits) return;
    setBusy(true);
    try {
      const done = await attempt(async () => store.put(await api.amend(noso.id, { capacity })));
      if (done) type(null);
    } finally {
      setBusy(false);
    }
  }

  if (!editing) {
    const limit = noso.capacity === null ? w.act.noLimit : figure(noso.capacity);
    return (
      <span class="act">
        <button
          ref={button}
          class="button"
          type="button"
          onClick={() => type(noso.capacity === null ? '' : String(noso.capacity))}
        >
          {w.act.capacity}
          <span class="value">{limit}</span>
        </button>
      </span>
    );
  }
  return (
    <span class="act">
      <form
        class="button asking"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
        onKeyDown={(event) => event.key === 'Escape' && type(null)}
      >
        <input
          ref={field}
          type="text"
          inputmode="numeric"
          autocomplete="off"
          aria-label={w.act.capacityLabel}
          placeholder={w.act.noLimit}
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
        />
        <button class="link" type="submit" aria-disabled={busy || undefined}>
          {w.act.set}
        </button>
        <button class="link" type="button" onClick={() => type(null)}>
          {w.no}
        </button>
      </form>
      <span class="fault" role="alert">
        {fault || trouble}
      </span>
    </span>
  );
}
