import { Result } from '@plataforma/domain/result';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type Dispensas, NENHUMA_DISPENSA } from '../domain/dispensas.ts';
import { EspacoNaoEncontradoError, type PeriodoRecusadoError } from '../domain/espaco.ts';
import type { Transacao } from './ports.ts';

/**
 * The refusal of a period that is too long for every space. Which of its rules is broken first is all that there is to
 * say, so nothing but the space is read: what is taken, waited for and closed in a thousand years is no bounded answer.
 */
export async function recusarPeriodoLongo(
  { espacos }: Pick<Transacao, 'espacos'>,
  espacoId: string,
  periodo: PeriodoReserva,
  agora: Date,
  dispensas: Dispensas = NENHUMA_DISPENSA,
): Promise<Result<never, EspacoNaoEncontradoError | PeriodoRecusadoError>> {
  const espaco = await espacos.findById(espacoId);
  if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
  const aceita = espaco.aceita(periodo, agora, [], dispensas);
  if (aceita.isSuccess)
    throw new Error(`space ${espacoId} takes a period that is longer than any space allows`);
  return aceita;
}
