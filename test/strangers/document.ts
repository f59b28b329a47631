// The contract as documents, and what of a value does not fit them.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as assert from 'uvu/assert';

type Schema = object;
type Content = { content?: Record<string, { schema: Schema }> };
export type Operation = { requestBody?: Content; responses: Record<string, Content> };
export type Message = { name: string; payload?: Schema };
type Ref = { $ref: string };
type Spoken = {
  action: 'send' | 'receive';
  channel: Ref;
  messages: Ref[];
  reply?: { messages: Ref[] };
};

export type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
  channels: Record<
    string,
    { address: string; messages: Record<string, Message>; 'x-auth': Schema }
  >;
  operations: Record<string, Spoken>;
};

export async function read(url: string): Promise<Document> {
  const response = await fetch(url);
  assert.is(response.status, 200, url);
  assert.match(response.headers.get('content-type') as string, 'application/json');
  return (await response.json()) as Document;
}

/** Says what of a value does not fit a schema of the document; null: all fits. */
export function fitting(document: Document): (schema: Schema, value: unknown) => string | null {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'doc', components: document.components });
  const known = new Map<Schema, ValidateFunction>();
  const compile = (schema: Schema) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"doc#/components/');
    const check = ajv.compile(JSON.parse(text));
    known.set(schema, check);
    return check;
  };
  return (schema, value) => {
    const check = known.get(schema) ?? compile(schema);
    return check(value) ? null : JSON.stringify({ faults: check.errors, value });
  };
}

/** What a reference within the document leads to. */
export function at<T>(document: Document, { $ref }: Ref): T {
  const steps = $ref.replace(/^#\//, '').split('/');
  return steps.reduce<unknown>(
    (here, step) => (here as Record<string, unknown>)[step],
    document,
  ) as T;
}
