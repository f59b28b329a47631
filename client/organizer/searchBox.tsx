import { useDesk } from './consoleDesk.js';

/** Finds in a list what is typed here, as it is typed. */
export function SearchBox({ typed, type }: { typed: string; type(typed: string): void }) {
  const { w } = useDesk();
  return (
    <span class="control search">
      <input
        type="search"
        autocomplete="off"
        aria-label={w.search.label}
        placeholder={w.search.label}
        value={typed}
        onInput={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && type('')}
      />
    </span>
  );
}
