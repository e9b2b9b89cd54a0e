import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on } from '@plataforma/runtime/event-message';
import { FIRST_GENERATION } from '@plataforma/runtime/principal';
import type { Conta, ContasRepository } from '../application/contas.ts';

/** Learns who has an account. The version of the account decides what is newer, so this needs no inbox. */
export function cadastroConsumer(contas: ContasRepository): ConsumeOptions {
  const guardar = (
    conta: Pick<Conta, 'usuarioId' | 'ativa' | 'geracao'>,
    papeis: PapelUsuario[],
    meta: EventMeta,
  ) =>
    contas.guardar({
      ...conta,
      versao: meta.agregado.versao,
      admin: papeis.includes(PapelUsuario.ADMIN),
      gestor: papeis.includes(PapelUsuario.GESTOR),
      em: meta.ocorridoEm,
    });
  const registrado = on(UsuarioRegistradoSchema, ({ usuarioId, papeis }, meta) =>
    guardar({ usuarioId, ativa: true, geracao: FIRST_GENERATION }, papeis, meta),
  );
  const atualizado = on(
    UsuarioAtualizadoSchema,
    ({ usuarioId, papeis, ativo: ativa, geracaoSessoes: geracao }, meta) =>
      guardar({ usuarioId, ativa, geracao }, papeis, meta),
  );
  const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
    contas.encerrar(usuarioId, ocorridoEm),
  );
  return {
    stream: 'AUTH',
    durable: 'reservas-cadastro',
    filter: 'auth.v1.>',
    on: [registrado, atualizado, removido],
  };
}
