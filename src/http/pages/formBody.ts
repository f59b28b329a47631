import type { NextFunction, Request, Response } from 'express';
import { readForm } from '../body.js';

/** Reads the fields of a form, before whoever answers it. */
export async function formBody(
  request: Request,
  _response: Response,
  next: NextFunction,
): Promise<void> {
  request.body = await readForm(request);
  next();
}

/** The text in a field of a form, or null. */
export const fieldOf = (body: unknown, name: string): string | null =>
  body instanceof Map ? ((body.get(name) as string | undefined) ?? null) : null;
