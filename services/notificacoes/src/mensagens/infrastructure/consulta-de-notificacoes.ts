import type { Posicao } from '@plataforma/domain/page-token';
import type { EntityManager } from 'typeorm';
import { mascararEmail } from '../../canais/domain/mascara.ts';
import type { ConsultaDeNotificacoes, FiltroNotificacoes } from '../application/ports.ts';
import type { Entrega, NotificacaoListada } from '../domain/notificacao.ts';

/**
 * Whether a code was mailed would tell who opens an account with the address of somebody else whether that has one: until the
 * address is proved, a welcome is not listed. What was taken back before its time was never on its way. A message that was never tried goes to the address that it brings, or the contact has now.
 */
const PAGE = `
  select n.id, n.cliente_id as "clienteId", n.canal, n.modelo, n.assunto, n.destino, n.status, n.entrega,
    n.reserva_id as "reservaId", n.criada_em as "criadoEm", n.enviada_em as "enviadoEm",
    case when n.canal = 'EMAIL' then coalesce(n.dados ->> 'email', c.email) end as email
  from notificacoes n left join contatos c on c.usuario_id = n.cliente_id
  where n.cliente_id = $1
    and (n.modelo <> 'BOAS_VINDAS' or c.email_verificado)
    and ($2 = '' or n.reserva_id = $2)
    and (n.status <> 'PENDENTE' or n.devida_em is null or n.devida_em <= $6)
    and (n.status <> 'SUPRIMIDA' or not exists (
      select from historico_notificacoes h
      where h.notificacao_id = n.id and h.tipo = 'SUPRIMIDA' and h.ocorrido_em < n.devida_em))
    and ($3::timestamptz is null or (n.criada_em, n.id) < ($3, $4))
  order by n.criada_em desc, n.id desc
  limit $5`;

const PROVED = 'select 1 from contatos where usuario_id = $1 and email_verificado';

type Row = Omit<NotificacaoListada, 'destino' | 'enviadoEm' | 'entrega'> & {
  entrega: Entrega | null;
  destino: string | null;
  enviadoEm: Date | null;
  email: string | null;
};

/** Reads of messages, by key and not by offset: a page is as fast as the first one and never shows a message twice. */
export class PostgresConsultaDeNotificacoes implements ConsultaDeNotificacoes {
  readonly #sql: EntityManager;

  constructor(sql: EntityManager) {
    this.#sql = sql;
  }

  async listar(
    { clienteId, reservaId }: FiltroNotificacoes,
    agora: Date,
    limite: number,
    depoisDe: Posicao | undefined,
  ): Promise<NotificacaoListada[]> {
    const parametros = [clienteId, reservaId, depoisDe?.ordem ?? null, depoisDe?.id ?? null, limite, agora];
    const linhas: Row[] = await this.#sql.query(PAGE, parametros);
    return linhas.map(({ email, destino, enviadoEm, entrega, ...linha }) => ({
      ...linha,
      destino: destino ?? (email === null ? '' : mascararEmail(email)),
      enviadoEm: enviadoEm ?? undefined,
      entrega: entrega ?? undefined,
    }));
  }
  async provada(clienteId: string): Promise<boolean> {
    const linhas: unknown[] = await this.#sql.query(PROVED, [clienteId]);
    return linhas.length > 0;
  }
}
