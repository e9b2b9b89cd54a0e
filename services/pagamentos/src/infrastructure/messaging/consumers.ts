import { timestampDate } from '@bufbuild/protobuf/wkt';
import { type ReservaCriada, ReservaCriadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on, PermanentError } from '@plataforma/runtime/event-message';
import type { CriarCobranca, CriarCobrancaCommand } from '../../application/commands/criar-cobranca.ts';

/** A charge must not be lost to a short outage of the database or of the ids: about three minutes of trying. */
const BACKOFF_MS = [1_000, 2_000, 4_000, 15_000, 60_000, 120_000];

/**
 * Charges every reservation, also when reservas could not call us. No inbox is needed: the command is idempotent by
 * reservation. A provider that is away is no failure here, for the charge is on record and swept up later.
 */
export function consumers(deps: { criarCobranca: CriarCobranca }): ConsumeOptions[] {
  const cobrar = on(ReservaCriadaSchema, async (evento, meta) => {
    const resultado = await deps.criarCobranca.execute(comando(evento, `evento:${meta.id}`));
    if (resultado.isSuccess || resultado.error.motivo === 'PROVEDOR_INDISPONIVEL') return;
    throw new PermanentError(`${evento.reservaId}: ${resultado.error.motivo}`, { cause: resultado.error });
  });
  const filter = 'reservas.v1.>';
  return [
    { stream: 'RESERVAS', durable: 'pagamentos-cobranca', filter, on: [cobrar], backoffMs: BACKOFF_MS },
  ];
}

function comando(evento: ReservaCriada, causa: string): CriarCobrancaCommand {
  const { reservaId, clienteId, valor, expiraEm } = evento;
  if (!valor || !expiraEm || !evento.dataInicio)
    throw new PermanentError(`${reservaId}: the event lacks its amount or its times`);
  return {
    reservaId,
    clienteId,
    valor: Dinheiro.deCentavos(valor.centavos, valor.moeda),
    descricao: descricao(evento.espacoNome, timestampDate(evento.dataInicio), evento.fusoHorario),
    expiraEm: timestampDate(expiraEm),
    causa,
  };
}

/** What the customer reads on the payment page, in the local time of the space. */
function descricao(espaco: string, inicio: Date, timeZone: string): string {
  const formato = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return `Reserva de ${espaco}, ${formato.format(inicio)}`.slice(0, 200);
}
