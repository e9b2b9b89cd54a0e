import { answersOf } from '@plataforma/domain/answers-of';
import type { Sql } from '@plataforma/runtime/transaction';
import type { Conta } from '../application/ports.ts';
import type { Cota } from '../domain/limite-diario.ts';

/** A share as rows have it. */
const digestoDe = (nome: string) => `sha256(convert_to(${nome}, 'UTF8'))`;

/**
 * All of them, where there is room for all; else some are counted, and it says so. In one order, so that two that count for the
 * same people do not wait for each other, and the shares that everybody takes of last: they are locked for the shortest time.
 * Without the leases: a sender that has lost one meanwhile, and does not know, is about to send it all the same.
 */
const COUNT_ALL = `
  with pedidas as (
    select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::int[]) as p (qual, nome, limite, geral, limite_geral)
  ), novas as (
    update notificacoes n set contada_em = $6::date
    from pedidas p where n.id = p.qual and n.contada_em is distinct from $6::date
    returning p.nome, p.limite, p.geral, p.limite_geral
  ), cotas as (
    select nome, ${digestoDe('nome')} as endereco, min(limite) as limite, count(*)::int as quantas, false as e_geral
    from novas group by nome
    union all
    select geral, ${digestoDe('geral')}, min(limite_geral), count(*)::int, true
    from novas where geral is not null group by geral
  ), contadas as (
    insert into envios_do_dia as e (endereco, dia, quantos)
    select endereco, $6::date, quantas from cotas where quantas <= limite order by e_geral, nome collate "C"
    on conflict (endereco, dia) do update set quantos = e.quantos + excluded.quantos
      where e.quantos + excluded.quantos <= (select limite from cotas c where c.endereco = excluded.endereco)
    returning 1
  )
  select (select count(*) from cotas) = (select count(*) from contadas) as cabem`;

const COUNT_ONCE = `
  update notificacoes set contada_em = $2::date where id = $1 and contada_em is distinct from $2::date`;

/** Also for a sender that has it by now: what did not fit is not let through as counted. */
const NOT_COUNTED = 'update notificacoes set contada_em = null where id = any($1::text[])';

/** The row of the share is locked: of two that take the last place the second sees that it is gone. */
const COUNT = `
  insert into envios_do_dia as e (endereco, dia, quantos) values (${digestoDe('$1')}, $2::date, 1)
  on conflict (endereco, dia) do update set quantos = e.quantos + 1 where e.quantos < $3
  returning quantos`;

const FORGET_DAYS = `
  delete from envios_do_dia where ctid = any(array(
    select ctid from envios_do_dia where dia < $1::date - 1 order by dia limit 10))`;

/**
 * Counts messages among those of their shares and of a day. Nearly always there is room for all of them, and one statement counts
 * them; else it is undone, and each is counted by itself.
 *
 * @returns the identities of those that there is no room for
 */
export async function contar(sql: Sql, contas: readonly Conta[], dia: string): Promise<ReadonlySet<string>> {
  const valores = [
    contas.map(({ tomada }) => tomada.id),
    contas.map(({ cota }) => cota.nome),
    contas.map(({ cota }) => cota.limite),
    contas.map(({ cota }) => cota.total?.nome ?? null),
    contas.map(({ cota }) => cota.total?.limite ?? null),
    dia,
  ];
  const [, , [resposta]] = await answersOf([
    sql.query(FORGET_DAYS, [dia]),
    sql.query('savepoint antes_de_contar'),
    sql.query<Array<{ cabem: boolean }>>(COUNT_ALL, valores),
  ]);
  if (resposta?.cabem === true) return new Set();
  await sql.query('rollback to savepoint antes_de_contar');
  return umaAUma(sql, contas, dia);
}

/** In the order of {@link COUNT_ALL}. */
async function umaAUma(sql: Sql, contas: readonly Conta[], dia: string): Promise<ReadonlySet<string>> {
  const fora = new Set<string>();
  const cabe = async (id: string, { nome, limite }: Omit<Cota, 'total'>) => {
    const contadas: unknown[] = limite === 0 ? [] : await sql.query(COUNT, [nome, dia, limite]);
    if (contadas.length === 0) fora.add(id);
  };
  const novas: Conta[] = [];
  for (const conta of contas.toSorted(porNome)) {
    const { id } = conta.tomada;
    const [, quantas]: [unknown[], number] = await sql.query(COUNT_ONCE, [id, dia]);
    if (quantas === 0) continue;
    novas.push(conta);
    await cabe(id, conta.cota);
  }
  for (const { tomada, cota } of novas)
    if (cota.total !== undefined && !fora.has(tomada.id)) await cabe(tomada.id, cota.total);
  if (fora.size > 0) await sql.query(NOT_COUNTED, [[...fora]]);
  return fora;
}

function porNome({ cota: uma }: Conta, { cota: outra }: Conta): number {
  if (uma.nome === outra.nome) return 0;
  return uma.nome < outra.nome ? -1 : 1;
}
