import express from 'express';
import { BODY } from '../../protocol/bounds.js';

/** The fields of a form. Forms are short, and nobody compresses them. */
export const formBody = express.urlencoded({ extended: false, limit: BODY, inflate: false });

/** The text in a field of a form, or null. */
export function fieldOf(body: unknown, name: string): string | null {
  const value: unknown =
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === 'string' ? value : null;
}
