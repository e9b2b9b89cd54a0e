import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { type Dinheiro as DinheiroMessage, DinheiroSchema } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PeriodoInvalidoError } from '../../domain/periodo-reserva.ts';
import { toRpcError } from './errors.ts';

/** First second of year 1 and last second of year 9999, the range of protobuf's JSON form. */
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;

/** @throws ConnectError `PERIODO_INVALIDO` on an instant that no calendar of ours can hold. */
function toInstant(timestamp: Timestamp): Date {
  if (timestamp.seconds < MIN_SECONDS || timestamp.seconds > MAX_SECONDS)
    throw toRpcError(new PeriodoInvalidoError());
  return timestampDate(timestamp);
}

/** Like {@link toInstant}; unset becomes undefined. */
export function toOptionalInstant(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && toInstant(timestamp);
}

/** An instant of a field that the contract requires: validation has refused requests without it. */
export function toRequiredInstant(timestamp: Timestamp | undefined): Date {
  if (!timestamp) throw toRpcError(new PeriodoInvalidoError());
  return toInstant(timestamp);
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
