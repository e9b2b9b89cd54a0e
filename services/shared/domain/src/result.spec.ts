import { describe, expect, it } from '@jest/globals';
import { Result } from './result.ts';

describe('a result', () => {
  it('is a success with its value or a failure with its error', () => {
    const error = new Error('não deu');
    expect(Result.ok(7)).toEqual({ isSuccess: true, isFailure: false, value: 7 });
    expect(Result.fail(error)).toEqual({ isSuccess: false, isFailure: true, error });
  });
});
