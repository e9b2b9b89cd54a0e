import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When each payment is compared with the provider next, and whether a reservation took it: both where an index finds the
 * few that matter. Neither is a projection: they outlive a rebuilding.
 */
export class ReconciliacaoIndexada1764000000010 implements MigrationInterface {
  readonly name = 'ReconciliacaoIndexada1764000000010';

  async up(runner: QueryRunner): Promise<void> {
    // The default is for rows that a replica of the version before writes: they are looked at once too often.
    await runner.query(`
      alter table pagamentos
        add column verificar_em timestamptz default now(),
        add column aproveitado  boolean not null default false`);
    await runner.query('alter table desfechos_reserva add column pagamento_id text');
    // That a reservation was cancelled never told whether it had taken the money: those are asked about again.
    await runner.query(`
      update desfechos_reserva d set pagamento_id = p.id from pagamentos p
      where p.reserva_id = d.reserva_id and d.desfecho = 'CONFIRMADA'`);
    await runner.query(PRIMEIRA_VEZ);
    await runner.query(`
      create index pagamentos_verificar_abertas_ix on pagamentos (verificar_em)
      where status = 'PENDENTE' and sessao_id is not null`);
    await runner.query(`
      create index pagamentos_verificar_pagas_ix on pagamentos (verificar_em) where intencao_id is not null`);
    await runner.query(`
      create index pagamentos_sem_reserva_ix on pagamentos (aprovado_em)
      where status = 'APROVADO' and not aproveitado`);
    await runner.query('drop index pagamentos_aprovados_ix');
    await runner.query(`
      create index estornos_em_curso_ix on estornos (solicitado_em)
      where situacao in ('SOLICITADO', 'PENDENTE')`);
    // Table reconciliacoes stays until no replica of the version before can run any more.
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index estornos_em_curso_ix');
    await runner.query(`
      create index pagamentos_aprovados_ix on pagamentos (aprovado_em) where status = 'APROVADO'`);
    await runner.query('alter table desfechos_reserva drop column pagamento_id');
    await runner.query('alter table pagamentos drop column verificar_em, drop column aproveitado');
  }
}

const PRIMEIRA_VEZ = `
  update pagamentos p set
    aproveitado = exists (select from desfechos_reserva d where d.pagamento_id = p.id),
    verificar_em = (select case
      when p.status = 'PENDENTE' and p.sessao_id is not null
        then coalesce(max(r.verificado_em) + interval '5 minutes', p.criado_em + interval '1 minute')
      when p.intencao_id is not null and p.aprovado_em > now() - interval '120 days'
        then coalesce(max(r.verificado_em), p.aprovado_em) + interval '1 day' end
      from reconciliacoes r where r.pagamento_id = p.id)`;
