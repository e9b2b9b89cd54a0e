import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The history of reservations still only grows, but for what people have written in their own words: that is taken out of the
 * reservations of a person whose account is gone, which is known by the version that no event has.
 */
export class Remocoes1764000000131 implements MigrationInterface {
  readonly name = 'Remocoes1764000000131';

  async up(runner: QueryRunner): Promise<void> {
    await this.#guardar(runner, 'delete or truncate');
    await runner.query(`
      create function reservas_historico_so_esquece() returns trigger language plpgsql as $$
      begin
        if new.porque = 'Texto apagado com a conta.' and to_jsonb(new) - 'porque' = to_jsonb(old) - 'porque'
          and exists (select from reservas r join contas c on c.usuario_id = r.cliente_id
            where r.id = old.reserva_id and c.versao = 9223372036854775807) then
          return new;
        end if;
        raise exception 'reservas_historico is append-only' using errcode = 'restrict_violation';
      end $$`);
    await runner.query(`
      create trigger reservas_historico_so_esquece before update on reservas_historico
      for each row execute function reservas_historico_so_esquece()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger reservas_historico_so_esquece on reservas_historico');
    await runner.query('drop function reservas_historico_so_esquece()');
    await this.#guardar(runner, 'update or delete or truncate');
  }

  async #guardar(runner: QueryRunner, oque: string): Promise<void> {
    await runner.query('drop trigger reservas_historico_somente_insercao on reservas_historico');
    await runner.query(`
      create trigger reservas_historico_somente_insercao before ${oque} on reservas_historico
      for each statement execute function recusar_mudanca()`);
  }
}
