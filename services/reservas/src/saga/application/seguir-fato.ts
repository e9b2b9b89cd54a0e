import type { Clock } from '@plataforma/domain/clock';
import { mudarReserva } from '../../reservas/application/alterar-reserva.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import { consequenciasDe } from '../domain/consequencias.ts';
import type { FatoDaSaga } from '../domain/fato.ts';
import { ocorrencia } from '../domain/ocorrencia.ts';
import type { ObservadorDaSaga, Transacao } from './ports.ts';
import { vagaDeVolta } from './vaga-de-volta.ts';

interface Deps {
  readonly clock: Clock;
  readonly observador: Pick<ObservadorDaSaga, 'pagamentoDivergente'>;
}

/** Who changed a reservation when no person did. */
const QUEM = 'servico:pagamentos';

/**
 * Does to a reservation what follows from a fact.
 *
 * @param mensagemId the message that brought the fact, if one did: what came of it is noted with the change. What the answer of a
 * call brought is told by the history alone.
 * @throws Recusa when the reservation cannot take it; nothing of the transaction may be stored then.
 */
export async function seguirFato(
  tx: Transacao,
  reserva: Reserva,
  fato: FatoDaSaga,
  { clock, observador }: Deps,
  mensagemId?: string,
): Promise<EstadoReserva> {
  const em = clock.now();
  for (const { comando, porque, mudar } of consequenciasDe(fato)) {
    const { versao: antes, status } = reserva.estado;
    const pedeVaga = fato.tipo === 'PagamentoAprovado' && status === 'EXPIRADA';
    const vagaLivre = pedeVaga && (await vagaDeVolta(tx, reserva));
    const mudada = await mudarReserva(
      tx,
      reserva,
      () => mudar(reserva, { quem: QUEM, porque, em }, vagaLivre),
      async () => {
        if (mensagemId === undefined) return;
        const { versao } = reserva.estado;
        const feito =
          versao > antes ? ({ resultado: 'FEITA', versao } as const) : ({ resultado: 'SEM_EFEITO' } as const);
        await tx.ocorrencias.add(ocorrencia(fato, { comando, mensagemId, em, ...feito }));
      },
    );
    if (mudada.isFailure) throw mudada.error;
    if (reserva.estado.versao > antes) avisarDivergencia(reserva, fato, observador);
  }
  return reserva.estado;
}

function avisarDivergencia(reserva: Reserva, fato: FatoDaSaga, observador: Deps['observador']): void {
  if (fato.tipo !== 'PagamentoAprovado') return;
  const { reservaId, pagamentoId, valor } = fato;
  const devolvido = reserva.estado.pagamentoNaoAproveitado === pagamentoId;
  if (devolvido && valor && !reserva.precoEh(valor)) observador.pagamentoDivergente(reservaId, pagamentoId);
}
