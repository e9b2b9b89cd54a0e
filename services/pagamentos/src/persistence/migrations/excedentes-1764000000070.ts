import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A capture above the charge: what may go back is what came in, and the surplus goes back by itself. */
export class Excedentes1764000000070 implements MigrationInterface {
  readonly name = 'Excedentes1764000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pagamentos
        -- Cents by card beyond what was charged.
        add column excedente bigint not null default 0 check (excedente >= 0),
        drop constraint pagamentos_comprometido_ck,
        drop constraint pagamentos_partes_ck`);
    await runner.query(`
      alter table pagamentos
        add constraint pagamentos_comprometido_ck check
          (estornado <= comprometido and comprometido <= centavos + excedente),
        add constraint pagamentos_partes_ck check
          (comprometido_creditos between 0 and creditos
            and comprometido - comprometido_creditos between 0 and centavos - creditos + excedente)`);
    await runner.query(`
      alter table estornos
        drop constraint estornos_origem_check,
        add constraint estornos_origem_check check
          (origem in ('CANCELAMENTO', 'NAO_APROVEITADO', 'ADMIN', 'PROVEDOR', 'EXCEDENTE'))`);
  }

  /** Refuses, and changes nothing, while there is a surplus. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table estornos
        drop constraint estornos_origem_check,
        add constraint estornos_origem_check check
          (origem in ('CANCELAMENTO', 'NAO_APROVEITADO', 'ADMIN', 'PROVEDOR'))`);
    await runner.query(`
      alter table pagamentos
        drop constraint pagamentos_partes_ck,
        drop constraint pagamentos_comprometido_ck,
        drop column excedente,
        add constraint pagamentos_comprometido_ck check (estornado <= comprometido and comprometido <= centavos),
        add constraint pagamentos_partes_ck check
          (comprometido_creditos between 0 and creditos
            and comprometido - comprometido_creditos between 0 and centavos - creditos)`);
  }
}
