import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useDesk } from './consoleDesk.js';

/** A second press sooner than this is the tail of a double click, not an answer. */
const BREATH = 400;

type Props = {
  label: string;
  /** Its name for those who cannot see what it stands beside. */
  name?: string;
  /** Stands at the right end of the button: what will be so. */
  value?: string;
  /** What to ask before doing it; null: nothing to ask. */
  question?: string | null;
  /** Whether it can be asked for now. */
  offered?: boolean;
  act(): Promise<unknown>;
  /** Told when the question is asked, and when it is taken back unanswered. */
  asked?(is: boolean): void;
  style?: 'button' | 'link';
  /** Set where it was pressed from elsewhere; `heard` then takes note. */
  pressed?: boolean;
  heard?: (() => void) | undefined;
};

/**
 * A button that asks in place before it does what cannot be undone: "Fermer maintenant" becomes
 * "Fermer pour 180 ? Oui · Non". Escape means no. While the answer is awaited it takes no other.
 */
export function Act({ question = null, offered = true, style = 'button', ...props }: Props) {
  const { w } = useDesk();
  const id = useId();
  const [armedAt, arm] = useState<number | null>(null);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const yes = useRef<HTMLButtonElement>(null);
  const asking = armedAt !== null && question !== null;
  const asked = useRef(false);

  // Focus follows: to the answer, and back to where the question was.
  useLayoutEffect(() => {
    if (asking) yes.current?.focus();
    else if (asked.current) button.current?.focus();
    asked.current = asking;
  }, [asking]);
  useEffect(() => {
    // What was to be asked may have become moot (the NoSo closed by itself meanwhile).
    if (armedAt !== null && question === null) arm(null);
  });
  useEffect(() => {
    if (!props.pressed) return;
    props.heard?.();
    press();
  }, [props.pressed]);

  function turn(at: number | null): void {
    props.asked?.(at !== null);
    arm(at);
  }
  function press(): void {
    if (busy || !offered) return;
    if (question === null) void run();
    else turn(performance.now());
  }
  function confirm(): void {
    if (armedAt === null || performance.now() - armedAt < BREATH) return;
    arm(null);
    void run();
  }
  async function run(): Promise<void> {
    setBusy(true);
    try {
      await props.act();
    } finally {
      setBusy(false);
    }
  }

  if (asking) {
    return (
      <span class="act">
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a line of text */}
        <span
          class={`${style} asking`}
          role="group"
          onKeyDown={(event) => event.key === 'Escape' && turn(null)}
        >
          <span class="asked" id={id}>
            {question}
          </span>
          <button ref={yes} class="link" type="button" aria-describedby={id} onClick={confirm}>
            {w.yes}
          </button>
          <button class="link" type="button" onClick={() => turn(null)}>
            {w.no}
          </button>
        </span>
      </span>
    );
  }
  return (
    <span class="act">
      <button
        ref={button}
        class={style}
        type="button"
        aria-label={props.name}
        aria-disabled={busy || !offered || undefined}
        onClick={press}
      >
        <span>{props.label}</span>
        <span class="value">{props.value}</span>
      </button>
    </span>
  );
}
