import { create } from '@bufbuild/protobuf';
import { type Dinheiro as DinheiroMessage, DinheiroSchema } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';

export function toDinheiroProto({ centavos, moeda }: Dinheiro): DinheiroMessage {
  return create(DinheiroSchema, { centavos, moeda });
}

export function dinheiroFrom({ centavos, moeda }: DinheiroMessage): Dinheiro {
  return Dinheiro.deCentavos(centavos, moeda);
}

/** Empty text of a field that is not `optional` in the contract means unset. */
export function textOrUndefined(text: string): string | undefined {
  return text === '' ? undefined : text;
}
