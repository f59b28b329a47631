import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useField } from './form.js';

type Field = { name: string; label: string; hint?: string };
export type Choice = { value: string; label: string };

const described = (id: string, fault: string | null) => ({
  id,
  'aria-invalid': fault ? ('true' as const) : undefined,
  'aria-describedby': `${id}-hint ${id}-fault`,
});

/** A control between its label and what is to be said of it. */
function Dressed(
  props: Field & { id: string; fault: string | null; class: string; children: ComponentChildren },
) {
  const { id, fault } = props;
  return (
    <div class="field" data-fault={fault ? '' : undefined}>
      <label for={id}>{props.label}</label>
      <span class={props.class}>{props.children}</span>
      <span class="hint" id={`${id}-hint`}>
        {props.hint}
      </span>
      <span class="fault" id={`${id}-fault`} role="alert">
        {fault}
      </span>
    </div>
  );
}

type TextProps = Field & {
  unit?: string;
  suggestions?: readonly string[];
  type?: 'text' | 'date' | 'time';
  required?: boolean;
  maxLength?: number;
  inputMode?: 'numeric' | 'decimal';
  placeholder?: string;
  autocapitalize?: 'off' | 'characters';
  spellcheck?: boolean;
};

export function TextField({ name, label, hint = '', unit, suggestions, ...input }: TextProps) {
  const id = useId();
  const { value, fault, put } = useField(name);
  const list = suggestions?.length ? `${id}-list` : undefined;
  return (
    <Dressed {...{ name, label, hint, id, fault }} class="control">
      <input
        autocomplete="off"
        {...input}
        {...described(id, fault)}
        name={name}
        list={list}
        value={value}
        onInput={(event) => put(event.currentTarget.value)}
      />
      {unit && (
        <span class="unit" aria-hidden="true">
          {unit}
        </span>
      )}
      {list && (
        <datalist id={list}>
          {suggestions?.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </Dressed>
  );
}

type ChoiceProps = Field & { choices: readonly Choice[] };

export function SelectField({ name, label, hint = '', choices }: ChoiceProps) {
  const id = useId();
  const { value, fault, put } = useField(name);
  return (
    <Dressed {...{ name, label, hint, id, fault }} class="control select">
      <select
        {...described(id, fault)}
        name={name}
        value={value}
        onChange={(event) => put(event.currentTarget.value)}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Dressed>
  );
}

/** A few choices, all in sight. */
export function RadioField({ name, label, hint, choices }: ChoiceProps) {
  const { value, fault, put } = useField(name);
  const group = `${useId()}-${name}`;
  return (
    <fieldset class="field radios" data-fault={fault ? '' : undefined}>
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={group}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => put(choice.value)}
          />
          <span>{choice.label}</span>
        </label>
      ))}
      {hint && <span class="hint">{hint}</span>}
      <span class="fault" role="alert">
        {fault}
      </span>
    </fieldset>
  );
}
