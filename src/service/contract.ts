import type * as answered from '../protocol/answered.js';
import type * as wire from '../protocol/wire.js';
import { ANSWERS } from './answers.js';
import * as z from './carried/zod.js';
import { FRAMES } from './told.js';

/** The version of the contract that the documents say. */
export const CONTRACT = '2.0.0';

/** All that is answered or sent, by its name. */
export const SCHEMAS = { ...ANSWERS, ...FRAMES };
export type SchemaName = keyof typeof SCHEMAS;

/** Intersections and aliases resolved, so that a type is what its fields are. */
type Plain<T> = T extends (infer E)[]
  ? Plain<E>[]
  : T extends object
    ? { [K in keyof T]: Plain<T[K]> }
    : T;
type Equal<A, B> =
  (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
/** Whether two types have the same fields, of the same types, as optional as in the other. */
export type Same<A, B> = Equal<Plain<A>, Plain<B>>;

type Given = { [N in SchemaName]: z.infer<(typeof SCHEMAS)[N]> };
/**
 * The names of the schemas that say a type exactly: a field that a type has and its schema lacks, or the
 * other way round, leaves none, and what names the schema does not compile.
 */
export type NameOf<T> = {
  [N in SchemaName]: Same<Given[N], T> extends true ? N : never;
}[SchemaName];

/** Types that no route and no event names by itself. */
export const HELD: { [N in SchemaName]?: unknown } & {
  Problem: NameOf<wire.Problem>;
  Refused: NameOf<wire.Refused>;
  Failure: NameOf<wire.Failure>;
  Done: NameOf<wire.Done>;
  Paired: NameOf<answered.Paired>;
  OrganizerInfo: NameOf<wire.OrganizerInfo>;
} = {
  Problem: 'Problem',
  Refused: 'Refused',
  Failure: 'Failure',
  Done: 'Done',
  Paired: 'Paired',
  OrganizerInfo: 'OrganizerInfo',
};

export type JsonSchema = Record<string, unknown>;

/** What a parser takes, as JSON Schema; what of it cannot be said is left out. */
export function taken(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as JsonSchema;
}

const uri = (name: string): string => `#/components/schemas/${name}`;

/** All that is answered or sent, under its name; what is of another's type refers to that. */
export function given(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(SCHEMAS)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

/** A reference into a document's components. */
export const refTo = (name: SchemaName): JsonSchema => ({ $ref: uri(name) });
