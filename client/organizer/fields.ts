import { h, set, text } from './dom.js';

export type Field = {
  node: HTMLElement;
  value(): string;
  /** Says what is wrong with it, beside it; null: nothing. */
  fault(words: string | null): void;
  focus(): void;
};

/** A field to type in. */
export type Typed = Field & { put(value: string): void; clear(): void };

let serial = 0;

type Control = HTMLInputElement | HTMLSelectElement;

function dressed(
  label: string,
  control: Control,
  extra: { hint?: Node | string | undefined; unit?: string | undefined; class?: string },
): Field {
  const id = `field-${serial++}`;
  const hint = h('span', { class: 'hint', id: `${id}-hint` }, extra.hint ?? null);
  const fault = h('span', { class: 'fault', id: `${id}-fault`, role: 'alert' });
  set(control, 'id', id);
  set(control, 'aria-describedby', `${hint.id} ${fault.id}`);
  const unit = extra.unit ? h('span', { class: 'unit', 'aria-hidden': 'true' }, extra.unit) : null;
  const node = h(
    'div',
    { class: `field ${extra.class ?? ''}` },
    h('label', { for: id }, label),
    h(
      'span',
      { class: control instanceof HTMLSelectElement ? 'control select' : 'control' },
      control,
      unit,
    ),
    hint,
    fault,
  );
  return {
    node,
    value: () => control.value.trim(),
    fault(words) {
      text(fault, words ?? '');
      set(control, 'aria-invalid', words ? 'true' : null);
    },
    focus: () => control.focus(),
  };
}

export type Input = {
  label: string;
  type?: string;
  value?: string;
  hint?: Node | string | undefined;
  unit?: string;
  required?: boolean;
  attributes?: Record<string, string | number | boolean>;
  suggestions?: readonly string[];
  changed?: () => void;
  class?: string;
};

export function input(spec: Input): Typed {
  const control = h('input', {
    type: spec.type ?? 'text',
    required: spec.required ?? false,
    autocomplete: 'off',
    ...spec.attributes,
    oninput: () => spec.changed?.(),
  });
  control.value = spec.value ?? '';
  const field = dressed(spec.label, control, {
    hint: spec.hint,
    unit: spec.unit,
    ...(spec.class ? { class: spec.class } : {}),
  });
  if (spec.suggestions?.length) {
    const list = h(
      'datalist',
      { id: `list-${serial++}` },
      ...spec.suggestions.map((value) => h('option', { value })),
    );
    set(control, 'list', list.id);
    field.node.append(list);
  }
  const put = (value: string) => {
    control.value = value;
  };
  return { ...field, put, clear: () => put('') };
}

export type Choice = { value: string; label: string };

export function select(spec: {
  label: string;
  value: string;
  choices: readonly Choice[];
  hint?: Node | string | undefined;
  changed?: () => void;
  class?: string;
}): Field {
  const control = h(
    'select',
    { onchange: () => spec.changed?.() },
    ...spec.choices.map((c) => h('option', { value: c.value }, c.label)),
  );
  control.value = spec.value;
  return dressed(spec.label, control, {
    hint: spec.hint,
    ...(spec.class ? { class: spec.class } : {}),
  });
}

/** A few choices, all in sight. */
export function radios(spec: {
  label: string;
  value: string;
  choices: readonly Choice[];
  hint?: string;
  changed?: () => void;
}): Field {
  const name = `radio-${serial++}`;
  const fault = h('span', { class: 'fault', role: 'alert' });
  const buttons = spec.choices.map((c) =>
    h('input', {
      type: 'radio',
      name,
      value: c.value,
      checked: c.value === spec.value,
      onchange: () => spec.changed?.(),
    }),
  );
  const node = h(
    'fieldset',
    { class: 'field radios' },
    h('legend', {}, spec.label),
    ...spec.choices.map((c, k) => h('label', {}, buttons[k] ?? null, h('span', {}, c.label))),
    spec.hint ? h('span', { class: 'hint' }, spec.hint) : null,
    fault,
  );
  return {
    node,
    value: () => buttons.find((b) => b.checked)?.value ?? spec.value,
    fault: (words) => text(fault, words ?? ''),
    focus: () => buttons[0]?.focus(),
  };
}
