import { describe, expect, it } from '@jest/globals';
import type { Settings } from '../config/config-checks.ts';
import { exchangeOf } from '../http/exchange-stand-in.ts';
import { requestSizeLimitingPlugin } from './request-size-limiting-plugin.ts';

const REQUEST_ID = '0'.repeat(32);

/** The answer to so many bytes, announced or not; undefined lets them pass. */
async function answerTo(bytes: number, announced: boolean, config: Settings): Promise<unknown> {
  const headers = announced ? { 'content-length': String(bytes) } : {};
  const readBody = async () => Buffer.alloc(announced ? 0 : bytes);
  const reply = await requestSizeLimitingPlugin(config).access?.({ ...exchangeOf({ headers }), readBody });
  return reply && [reply.status, JSON.parse(String(reply.body))];
}

describe('request-size-limiting', () => {
  it.each<[Settings, number]>([
    [{ allowed_payload_size: 2, size_unit: 'bytes' }, 2],
    [{ allowed_payload_size: 2, size_unit: 'kilobytes' }, 2 * 1024],
    [{ allowed_payload_size: 2, size_unit: 'megabytes' }, 2 * 1024 * 1024],
    [{ allowed_payload_size: 2 }, 2 * 1024 * 1024],
    [{}, 128 * 1024 * 1024],
  ])('with %j lets exactly %i bytes pass', async (config, bytes) => {
    const refused = [413, { message: 'Request size limit exceeded', request_id: REQUEST_ID }];
    expect(await answerTo(bytes, true, config)).toBeUndefined();
    expect(await answerTo(bytes + 1, true, config)).toEqual(refused);
  });

  it('counts what has come where no length is announced', async () => {
    const config = { allowed_payload_size: 2, size_unit: 'kilobytes' };
    expect(await answerTo(2 * 1024, false, config)).toBeUndefined();
    expect(await answerTo(2 * 1024 + 1, false, config)).toMatchObject([413, {}]);
  });

  it('is refused with a unit that Kong does not have', () => {
    expect(() => requestSizeLimitingPlugin({ size_unit: 'gigabytes' })).toThrow('size_unit: gigabytes');
  });
});
