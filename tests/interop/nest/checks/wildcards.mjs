// Events whose names hold values.
import { emit } from '../lib/calls.mjs';
import { fresh, seen } from './events.mjs';

export const wildcards = {
  'event of a wildcard': async (cx) => {
    const userId = fresh();
    for (const level of [7, 8]) {
      await emit(cx, `scored.${level}`, { level, userId });
      await seen(cx, `scored ${level} ${userId}`);
    }
  },
};
