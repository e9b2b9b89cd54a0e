import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import { toRpcError } from '../../comum/presentation/errors.ts';
import { PeriodoInvalidoError } from '../domain/periodo-reserva.ts';

/** Unset becomes undefined. Validation has refused instants that no calendar of ours can hold. */
export function optionalInstantFrom(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}

/** An instant of a field that the contract requires: validation has refused requests without it. */
export function requiredInstantFrom(timestamp: Timestamp | undefined): Date {
  if (!timestamp) throw toRpcError(new PeriodoInvalidoError());
  return timestampDate(timestamp);
}
