import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@plataforma/dev/stack/ports';
import { type Stack, type StackOptions, startStack } from '@plataforma/dev/stack/stack';
import { removePostgresData } from '@plataforma/testing/servers/postgres';
import { type Place, Platform } from './platform.ts';

/** A whole platform on ports of its own: the suite that has it may stop and kill parts of it. */
export class TestStack extends Platform<Stack & Place> {
  /** @param aborted nothing is left of it when that happens while it starts. */
  static async start(
    options: Pick<StackOptions, 'preload' | 'durable'> = {},
    aborted?: AbortSignal,
  ): Promise<TestStack> {
    const dataDir = await mkdtemp(join(tmpdir(), 'plataforma-e2e-'));
    const { STRIPE_SECRET_KEY: _, ...env } = process.env;
    let stack: Stack | undefined;
    try {
      const ports = await freePorts();
      stack = await startStack({ dataDir, ports, env, durable: false, ...options }, aborted);
      return await new TestStack({ ...stack, dataDir }).opened();
    } catch (error) {
      await stack?.stop();
      await clear(dataDir);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.stack.stop();
    await clear(this.stack.dataDir);
  }

  /** Everything that Redis has kept is gone, as far as it is stopped. */
  emptyRedis(): Promise<void> {
    return rm(join(this.stack.dataDir, 'redis'), { recursive: true, force: true });
  }
}

async function clear(dataDir: string): Promise<void> {
  await removePostgresData(join(dataDir, 'postgres'));
  await rm(dataDir, { recursive: true, force: true });
}
