import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An account that is let in again may have what it waits for: so the spaces where it waits are marked. */
export class ContasReativadas1764000000110 implements MigrationInterface {
  readonly name = 'ContasReativadas1764000000110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function fila_marcar_conta() returns trigger language plpgsql as $$
      begin
        insert into fila_vagas (espaco_id)
          select distinct espaco_id from fila_espera
          where cliente_id = new.usuario_id and status = 'AGUARDANDO';
        return null;
      end $$`);
    await runner.query(`
      create trigger contas_vaga after update of ativa on contas for each row
      when (new.ativa and not old.ativa) execute function fila_marcar_conta()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger contas_vaga on contas');
    await runner.query('drop function fila_marcar_conta()');
  }
}
