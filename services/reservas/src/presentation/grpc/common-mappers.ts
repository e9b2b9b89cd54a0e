import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { type Dinheiro as DinheiroMessage, DinheiroSchema } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PeriodoInvalidoError } from '../../domain/periodo-reserva.ts';
import { toRpcError } from './errors.ts';

/** Unset becomes undefined. Validation has refused instants that no calendar of ours can hold. */
export function toOptionalInstant(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}

/** An instant of a field that the contract requires: validation has refused requests without it. */
export function toRequiredInstant(timestamp: Timestamp | undefined): Date {
  if (!timestamp) throw toRpcError(new PeriodoInvalidoError());
  return timestampDate(timestamp);
}

export function fromDinheiro({ centavos, moeda }: Dinheiro): DinheiroMessage {
  return create(DinheiroSchema, { centavos, moeda });
}

export function toDinheiro({ centavos, moeda }: DinheiroMessage): Dinheiro {
  return Dinheiro.deCentavos(centavos, moeda);
}

/** Empty text of a field that is not `optional` in the contract means unset. */
export function textOrUndefined(text: string): string | undefined {
  return text === '' ? undefined : text;
}
