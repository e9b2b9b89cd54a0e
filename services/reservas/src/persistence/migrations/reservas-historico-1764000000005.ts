import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed a reservation, when and why; one row per version, never changed. */
export class ReservasHistorico1764000000005 implements MigrationInterface {
  readonly name = 'ReservasHistorico1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reservas_historico (
        reserva_id   text not null references reservas,
        versao       integer not null check (versao >= 1),
        evento       text not null,
        de_status    text,
        para_status  text not null,
        quem         text not null check (quem <> ''),
        porque       text not null check (porque <> ''),
        pagamento_id text,
        em           timestamptz not null,
        primary key (reserva_id, versao),
        check ((versao = 1) = (de_status is null))
      )`);
    await runner.query(`
      create trigger reservas_historico_somente_insercao before update or delete or truncate on reservas_historico
      for each statement execute function recusar_mudanca()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reservas_historico');
  }
}
