import { useDesk } from './consoleDesk.js';

/** What whoever runs the server should know while it lasts: a sentence a cause, and what to do. */
export function OperatorLines() {
  const { w, t, store, foreign } = useDesk();
  const sentences: Partial<Record<string, string>> = w.notes;
  // A server of another version may know causes that this page has no words for.
  const told = store
    .notes()
    .map(({ cause, url }) => t(sentences[cause] ?? cause, { url: url ?? '' }));
  const all = foreign === null || store.link().live ? told : [foreign, ...told];
  return (
    <div class="operator" role="status">
      {all.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
