import { type ComponentChildren, createContext } from 'preact';
import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Problem } from './consoleApi.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { fieldOf, inWords } from './inWords.js';

/** What stands in a form's fields, by name; trimmed where it is checked and sent. */
export type Values<N extends string = string> = Record<N, string>;
/** What is wrong with a field, in words, or null. */
export type Checks<N extends string = string> = Partial<
  Record<N, (values: Values<N>) => string | null>
>;
type Faults = Record<string, string | null>;

type Fields = { values: Values; faults: Faults; put(name: string, value: string): void };
const FieldsContext = createContext<Fields | null>(null);

/** What a field of the form around it holds, and what is wrong with it. */
export function useField(name: string) {
  const fields = useContext(FieldsContext);
  if (!fields) throw new Error(`${name} stands in no form`);
  return {
    value: fields.values[name] ?? '',
    fault: fields.faults[name] ?? null,
    put: (value: string) => fields.put(name, value),
  };
}

const trimmed = <N extends string>(values: Values<N>): Values<N> =>
  Object.fromEntries(
    Object.entries<string>(values).map(([name, value]) => [name, value.trim()]),
  ) as Values<N>;

/** A check that a value brings to a fall is a value that does not fit: said beside its field. */
function faultsOf<N extends string>(desk: Desk, checks: Checks<N>, values: Values<N>): Faults {
  const faults: Faults = {};
  for (const name of Object.keys(checks) as N[]) {
    try {
      faults[name] = checks[name]?.(values) ?? null;
    } catch (error) {
      console.error(error);
      faults[name] = desk.w.problems.codes.bad_request;
    }
  }
  return faults;
}

type Props<N extends string> = {
  initial: Values<N>;
  checks?: Checks<NoInfer<N>>;
  /** Sends; a `Problem` that it throws is put into words here, beside its field where it has one. */
  submit(values: Values<NoInfer<N>>): Promise<void>;
  button: string;
  cancel?: { label: string; href: string };
  /** Stands beside the button: what it will do. */
  note?: (values: Values<NoInfer<N>>) => string;
  /** Said once it has been sent, where the form stays. */
  saved?: string;
  /** Whether it is empty again once it has been sent. */
  again?: boolean;
  class?: string;
  /** The fields; what they hint at may follow from what they hold. */
  children(values: Values<NoInfer<N>>): ComponentChildren;
};

/**
 * A form that says what is wrong beside the field it is wrong with, and the rest under its button.
 * What was refused stays in its field. While it is on its way the button takes no second press.
 */
export function Form<N extends string>(props: Props<N>) {
  const desk = useDesk();
  const [values, setValues] = useState(props.initial);
  const [faults, setFaults] = useState<Faults>({});
  const [said, say] = useState('');
  const [busy, setBusy] = useState(false);
  const node = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    node.current?.querySelector<HTMLElement>('[data-fault] input, [data-fault] select')?.focus();
  }, [faults]);

  async function send(): Promise<void> {
    const sent = trimmed(values);
    const found = faultsOf(desk, props.checks ?? {}, sent);
    setFaults(found);
    say('');
    if (busy || Object.values(found).some((fault) => fault !== null)) return;
    setBusy(true);
    try {
      await props.submit(sent);
      if (props.again) setValues(props.initial);
      say(props.saved ?? '');
    } catch (error) {
      const name = fieldOf(error);
      const words = inWords(desk, error);
      if (name !== null && name in values) setFaults({ [name]: words });
      else say(words);
      if (!(error instanceof Problem)) throw error;
    } finally {
      setBusy(false);
    }
  }
  const put = (name: string, value: string) => setValues((held) => ({ ...held, [name]: value }));

  return (
    <form
      ref={node}
      class={props.class ?? 'form'}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <FieldsContext.Provider value={{ values, faults, put }}>
        {props.children(values)}
      </FieldsContext.Provider>
      <p class="send">
        <button class="button primary" type="submit" aria-disabled={busy || undefined}>
          {props.button}
        </button>
        {props.cancel && (
          <a class="link" href={props.cancel.href}>
            {props.cancel.label}
          </a>
        )}
        {props.note && <span class="will">{props.note(values)}</span>}
      </p>
      <p class="trouble" role="alert">
        {said}
      </p>
    </form>
  );
}
