import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { GestorEspacoSchema } from '@plataforma/contratos/reservas/v1/espaco_pb';
import type { Gestor } from '../../domain/gestor.ts';

export function fromGestor({ atribuidoEm, ...gestor }: Gestor): MessageInitShape<typeof GestorEspacoSchema> {
  return { ...gestor, atribuidoEm: timestampFromDate(atribuidoEm) };
}
