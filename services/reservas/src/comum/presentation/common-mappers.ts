import { create } from '@bufbuild/protobuf';
import { type Dinheiro as DinheiroMessage, DinheiroSchema } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';

export function toDinheiroProto({ centavos, moeda }: Dinheiro): DinheiroMessage {
  return create(DinheiroSchema, { centavos, moeda });
}

export function dinheiroFrom({ centavos, moeda }: DinheiroMessage): Dinheiro {
  return Dinheiro.deCentavos(centavos, moeda);
}

/** The name of a member of an enum of the contracts; undefined for none, and for one that this release does not know. */
export function nameFrom<E extends Readonly<Record<string, number>>>(
  members: E,
  member: number,
): Exclude<keyof E, 'UNSPECIFIED'> | undefined {
  const names = Object.keys(members) as Exclude<keyof E, 'UNSPECIFIED'>[];
  return names.find((name) => name !== 'UNSPECIFIED' && members[name] === member);
}

/** Empty text of a field that is not `optional` in the contract means unset. */
export function textOrUndefined(text: string): string | undefined {
  return text === '' ? undefined : text;
}
