import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../telemetry/logger.ts';
import { Lifecycle } from './lifecycle.ts';

const logger = createLogger({ service: 'test', level: 'silent' });

describe('Lifecycle', () => {
  it('closes in the opposite order, once', async () => {
    const closed: string[] = [];
    const life = new Lifecycle(logger);
    for (const name of ['database', 'bus', 'server']) life.add(name, async () => closed.push(name));
    await Promise.all([life.shutdown(), life.shutdown()]);
    expect(closed).toEqual(['server', 'bus', 'database']);
  });

  it('goes on when a step fails or hangs', async () => {
    const closed: string[] = [];
    const life = new Lifecycle(logger, 20);
    life.add('database', async () => closed.push('database'));
    life.add('hanging', () => new Promise(() => {}));
    life.add('failing', () => Promise.reject(new Error('no')));
    await life.shutdown();
    expect(closed).toEqual(['database']);
  });
});
