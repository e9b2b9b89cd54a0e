import { describe, expect, it } from '@jest/globals';
import { actingAs, currentTrail, newTrail, onTrail, trailHeaders, trailOf } from './trail.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

describe('a trail', () => {
  it('goes along with what is done on it, and ends with it', async () => {
    const trail = newTrail({ type: 'unauthenticated' }, 'req-1');
    const seen = await onTrail(trail, async () => {
      await Promise.resolve();
      return actingAs({ type: 'app_user', id: 'cli_1' }, async () => currentTrail());
    });
    expect(seen).toEqual({ actor: { type: 'app_user', id: 'cli_1' }, correlationId: 'req-1' });
    expect(currentTrail()).toBeUndefined();
  });

  it('begins where somebody acts on none', () => {
    const trail = actingAs({ type: 'system', id: 'prazos' }, currentTrail);
    expect(trail).toEqual({
      actor: { type: 'system', id: 'prazos' },
      correlationId: expect.stringMatching(UUID),
    });
  });

  it.each([
    { actor: { type: 'app_user', id: 'cli_1' }, correlationId: 'req-1', causationId: 'ev-1' },
    { actor: { type: 'unauthenticated' }, correlationId: 'req-1' },
  ] as const)('is the same after it was kept: %j', (trail) => {
    expect(trailOf(trailHeaders(trail))).toEqual(trail);
  });

  it('is none where none was kept, and of somebody unknown where a later release knows more kinds', () => {
    expect([trailOf(null), trailOf({ traceparent: '00-1-2-01' })]).toEqual([undefined, undefined]);
    const later = trailOf({ 'ce-authtype': 'robot', 'ce-authid': 'r2', 'ce-correlationid': 'c' });
    expect(later).toEqual({ actor: { type: 'unknown', id: 'r2' }, correlationId: 'c' });
  });
});
