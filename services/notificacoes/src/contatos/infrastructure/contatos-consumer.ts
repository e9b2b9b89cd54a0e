import {
  type UsuarioAtualizado,
  UsuarioAtualizadoSchema,
  type UsuarioRegistrado,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, type OpensPersonal, on } from '@plataforma/runtime/event-message';
import type { PersonalKeys } from '@plataforma/runtime/personal-keys';
import type { RegistrarContaHandler } from '../application/registrar-conta.ts';

interface Deps {
  readonly registrar: Pick<RegistrarContaHandler, 'execute'>;
  readonly keys: PersonalKeys;
  /** Erases a person who is gone. */
  readonly remover: {
    execute(command: { usuarioId: string; protocolo: string; versao: number; em: Date }): Promise<void>;
  };
  /** Messages may have become due. */
  readonly wake: () => void;
}

/** What auth says of accounts. The version of the account decides what is newer, so this needs no inbox. */
export function contatosConsumer({ registrar, remover, keys, wake }: Deps): ConsumeOptions {
  // Somebody who was erased makes no contact: their removal is on its way.
  const personal: OpensPersonal = { keys, erased: 'PASSED_OVER' };
  const save = async (
    { usuarioId, nome, email }: { usuarioId: string; nome: string; email: string },
    meta: EventMeta,
    { verificado, codigo = '' }: { verificado: boolean; codigo?: string },
  ) => {
    const contato = { usuarioId, nome, email, verificado, versao: meta.agregado.versao };
    await registrar.execute({ contato, codigo, em: meta.ocorridoEm });
    wake();
  };
  const comEstado = (evento: UsuarioRegistrado | UsuarioAtualizado, meta: EventMeta) =>
    save(evento, meta, { verificado: evento.emailVerificado, codigo: evento.codigoVerificacao });
  return {
    stream: 'AUTH',
    durable: 'notificacoes-contatos',
    filter: 'auth.v1.>',
    on: [
      on(UsuarioRegistradoSchema, comEstado, personal),
      on(UsuarioAtualizadoSchema, comEstado, personal),
      on(UsuarioRemovidoSchema, async ({ usuarioId, protocolo }, meta) => {
        const { versao } = meta.agregado;
        await remover.execute({ usuarioId, protocolo, versao, em: meta.ocorridoEm });
        wake();
      }),
    ],
  };
}
