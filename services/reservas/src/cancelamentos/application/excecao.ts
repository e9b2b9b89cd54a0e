import { Result } from '@plataforma/domain/result';
import { type Ato, exigirPoder } from '../../contas/domain/poderes.ts';
import type { AcessoNegadoError, Solicitante } from '../../contas/domain/solicitante.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { ExcecaoCancelamento } from '../../reservas/domain/politica-cancelamento.ts';
import { horaLocal } from '../../tempo/domain/hora-local.ts';
import type { Avaliacao } from '../domain/avaliar-cancelamento.ts';
import { ConflitoDeInteressesError, inicioDaQuarentena, LimiteDeBonusError } from '../domain/interesses.ts';
import type { Transacao } from './ports.ts';

/** What is booked, by whom, and when it was: a reservation or a series. */
type Reservado = Pick<EstadoReserva, 'clienteId' | 'espacoId' | 'criadoEm'>;

interface Pedido {
  readonly solicitante: Solicitante;
  readonly excecao: ExcecaoCancelamento | undefined;
}

/** Whether the caller may claim the exception for this customer. Nothing is asked where none is claimed. */
export async function verificarExcecao(
  { pessoas }: Pick<Transacao, 'pessoas'>,
  ato: Ato,
  { clienteId, espacoId, criadoEm }: Reservado,
  { solicitante, excecao }: Pedido,
): Promise<Result<void, AcessoNegadoError | ConflitoDeInteressesError>> {
  if (excecao === undefined) return Result.ok(undefined);
  const pode = exigirPoder(ato, solicitante, espacoId);
  if (pode.isFailure) return pode;
  const parte =
    clienteId === solicitante.id ||
    (await pessoas.geriaDesde(clienteId, espacoId, inicioDaQuarentena(criadoEm)));
  return parte ? Result.fail(new ConflitoDeInteressesError()) : Result.ok(undefined);
}

type ComFuso = Pick<EstadoReserva, 'espacoId' | 'fusoHorario'>;
type ComBonus = Pick<Avaliacao, 'creditoBonus'>;

/** Takes a bonus from what the GESTORES of the space may give this month. ADMIN gives without a limit. */
export async function gastarBonus(
  tx: Pick<Transacao, 'bonus'>,
  { espacoId, fusoHorario }: ComFuso,
  { creditoBonus }: ComBonus,
  solicitante: Solicitante,
  em: Date,
): Promise<Result<void, LimiteDeBonusError>> {
  if (solicitante.admin || creditoBonus.centavos === 0n) return Result.ok(undefined);
  const mes = mesDe(em, fusoHorario);
  if (await tx.bonus.conceder(espacoId, mes, creditoBonus)) return Result.ok(undefined);
  return Result.fail(new LimiteDeBonusError(creditoBonus, await tx.bonus.saldo(espacoId, mes)));
}

/** What {@link gastarBonus} would say now. */
export async function verificarBonus(
  { bonus }: Pick<Transacao, 'bonus'>,
  { espacoId, fusoHorario }: ComFuso,
  { creditoBonus }: ComBonus,
  solicitante: Solicitante,
  em: Date,
): Promise<Result<void, LimiteDeBonusError>> {
  if (solicitante.admin || creditoBonus.centavos === 0n) return Result.ok(undefined);
  const saldo = await bonus.saldo(espacoId, mesDe(em, fusoHorario));
  return saldo.resta.centavos >= creditoBonus.centavos
    ? Result.ok(undefined)
    : Result.fail(new LimiteDeBonusError(creditoBonus, saldo));
}

/** `2026-06` on the calendar of the space. */
function mesDe(instante: Date, fuso: string): string {
  return horaLocal(instante, fuso).data.slice(0, -3);
}
