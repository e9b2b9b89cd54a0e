import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which request of a refund Stripe knows it by. */
export class TentativasEstorno1764000000009 implements MigrationInterface {
  readonly name = 'TentativasEstorno1764000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table estornos add column tentativa integer not null default 1 check (tentativa > 0)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table estornos drop column tentativa');
  }
}
