import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { UsuarioAtualizadoSchema, UsuarioRegistradoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { type IntegrationEvent, integrationEvent } from '@plataforma/runtime/outbox';
import type { UsuarioEvent } from '../domain/usuario.ts';

/** The fact as other services learn it. */
export function toIntegrationEvent(event: UsuarioEvent, versao: number): IntegrationEvent {
  const agregado = { tipo: 'usuario', id: event.usuarioId, versao };
  const { usuarioId, nome, email, emailVerificado, ativo, geracaoSessoes } = event;
  const papeis = event.papeis.map((papel) => PapelUsuario[papel]);
  const ocorridoEm = timestampFromDate(event.em);
  const comum = { usuarioId, nome, email, emailVerificado, papeis, ocorridoEm };
  const { codigoVerificacao = '' } = event;
  if (event.tipo === 'UsuarioAtualizado') {
    const atualizado = { ...comum, ativo, geracaoSessoes, codigoVerificacao };
    return integrationEvent(UsuarioAtualizadoSchema, atualizado, agregado);
  }
  return integrationEvent(UsuarioRegistradoSchema, { ...comum, codigoVerificacao }, agregado);
}
