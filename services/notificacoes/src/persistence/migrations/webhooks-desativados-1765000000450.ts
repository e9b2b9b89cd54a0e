import type { MigrationInterface, QueryRunner } from 'typeorm';
import { admitirModelos } from './modelos-admitidos.ts';

const NOVO = 'WEBHOOK_DESATIVADO';

/** The message to who made a webhook that is disabled. What else may be written is left as other migrations have it. */
export class WebhooksDesativados1765000000450 implements MigrationInterface {
  readonly name = 'WebhooksDesativados1765000000450';

  async up(runner: QueryRunner): Promise<void> {
    await admitirModelos(runner, (antes) => [...antes, NOVO]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await admitirModelos(runner, (agora) => agora.filter((modelo) => modelo !== NOVO));
  }
}
