import type { QueueState } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';
import { adiado, contarAdiados } from '../../trabalhos/infrastructure/trabalhos-adiados.ts';
import type { Prazo } from '../domain/repositories.ts';
import { COLUNAS_DA_RESERVA } from './reserva-row.ts';

const VENCE: Readonly<Record<Prazo, { readonly se: string; readonly desde: string }>> = {
  ESPERA: { se: `status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO')`, desde: 'expira_em' },
  RESPOSTA: { se: `status = 'EXPIRANDO'`, desde: 'proximo_anuncio_em' },
  DEVOLUCAO: { se: 'true', desde: 'devolucao_anuncio_em' },
  TERMINO: { se: `status = 'CONFIRMADA'`, desde: 'data_fim' },
};

/** Those that are due at $1 and not put off. */
export const vencidas = (colunas: string, prazo: Prazo) => {
  const { se, desde } = VENCE[prazo];
  return `
  select ${colunas} from reservas
  where ${se} and ${desde} <= $1 and not ${adiado(prazo, 'reservas.id', '$1')} order by ${desde} limit $2`;
};

export const VENCIDA = (prazo: Prazo) => `
  select ${COLUNAS_DA_RESERVA} from reservas
  where id = $2 and ${VENCE[prazo].se} and ${VENCE[prazo].desde} <= $1 for no key update skip locked`;

const devida = (prazo: Prazo) => `
  select true from reservas where id = a.item_id and ${VENCE[prazo].se} and ${VENCE[prazo].desde} <= $1`;

/** What operators see of the deadlines of reservations. */
export async function situacaoDosPrazos(
  dataSource: DataSource,
  prazos: readonly Prazo[],
  agora: Date,
): Promise<QueueState> {
  const primeiras = prazos.map((prazo) => `(${vencidas(VENCE[prazo].desde, prazo)})`).join(', ');
  const [{ desde }]: [{ desde: Date | null }] = await dataSource.query(
    `select least(${primeiras}) as desde`,
    [agora, 1],
  );
  const devidas = Object.fromEntries(prazos.map((prazo) => [prazo, devida(prazo)]));
  return { dueSince: desde ?? undefined, ...(await contarAdiados(dataSource, devidas, agora)) };
}
