import { describe, expect, it } from '@jest/globals';
import { nameFrom } from './enum-names.ts';

const Status = { UNSPECIFIED: 0, ABERTA: 1, FECHADA: 2 } as const;

describe('nameFrom', () => {
  it('names a member, and nothing for none', () => {
    expect(nameFrom(Status, Status.FECHADA)).toBe('FECHADA');
    expect(nameFrom(Status, Status.UNSPECIFIED)).toBeUndefined();
  });

  it('names nothing for a member that only a later release knows', () => {
    expect(nameFrom(Status, 99)).toBeUndefined();
  });
});
