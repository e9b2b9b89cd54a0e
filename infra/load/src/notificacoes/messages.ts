import type { Client } from 'pg';
import { CARTAS } from '../../../../services/notificacoes/test/support/cartas.ts';

/** What an address may get a day is no matter here: runs before this one are forgotten. */
const NOTHING_TODAY = 'truncate envios_do_dia';

const PEOPLE = `
  insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
  select 'cli_' || n, 'Ana Maria Souza', 'cli' || n || '@exemplo.com', 1, now(), true
  from generate_series(1, $1::int) n on conflict do nothing`;

const DUE = `
  insert into notificacoes
    (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, criada_em, fato, disponivel_em, devida_em, retida)
  select 'not_' || $2 || n, 'cli_' || n, $5, $3, 'res_' || $2 || n, 'Reserva confirmada: Sala Ipê', $4::jsonb,
    'PENDENTE', 1, now(), '', now(), now(), false
  from generate_series(1, $1::int) n`;

const LEFT = `select count(*)::int as n from notificacoes where status = 'PENDENTE' and canal = 'EMAIL'`;

/** Asked again and again while it is measured: it ends at the first one. */
const ANY_LEFT = `select exists (select from notificacoes where status = 'PENDENTE' and canal = 'EMAIL') as any`;

/** People with a proved number, who want SMS there. */
const TELEPHONES = [
  `insert into telefones (cliente_id, numero, provado_em)
    select 'cli_' || n, '+55119' || lpad(n::text, 8, '0'), now() from generate_series(1, $1::int) n on conflict do nothing`,
  `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
    select 'cli_' || n, true, true, false, true, '+55119' || lpad(n::text, 8, '0'), now()
    from generate_series(1, $1::int) n on conflict do nothing`,
];

/**
 * Confirmations that are due, each to somebody else, as events would have written them.
 *
 * @param round tells them from those of other rounds
 */
export async function writeDue(
  sql: Client,
  count: number,
  round: string,
  canal: 'EMAIL' | 'SMS' = 'EMAIL',
): Promise<void> {
  const [carta] = CARTAS;
  const [mensagem] = carta?.mensagens ?? [];
  if (mensagem === undefined) throw new Error('there is no letter');
  await sql.query(NOTHING_TODAY);
  await sql.query(PEOPLE, [count]);
  if (canal === 'SMS') for (const telephones of TELEPHONES) await sql.query(telephones, [count]);
  await sql.query(DUE, [count, round, mensagem.modelo, JSON.stringify(mensagem.dados), canal]);
  await sql.query('analyze notificacoes, contatos');
}

/** What waits for a provider that hangs is there no more. */
export async function dropSms(sql: Client): Promise<void> {
  await sql.query(`delete from notificacoes where canal = 'SMS'`);
}

/** Whether an e-mail is not marked as sent yet. */
export async function anyLeft(sql: Client): Promise<boolean> {
  const { rows } = await sql.query<{ any: boolean }>(ANY_LEFT);
  return rows[0]?.any === true;
}

/** How many e-mails are not marked as sent yet. */
export async function left(sql: Client): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(LEFT);
  return rows[0]?.n ?? 0;
}
