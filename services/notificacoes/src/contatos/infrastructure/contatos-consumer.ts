import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on } from '@plataforma/runtime/event-message';
import type { RegistrarContaHandler } from '../application/registrar-conta.ts';
import type { RemoverContaHandler } from '../application/remover-conta.ts';

interface Deps {
  readonly registrar: Pick<RegistrarContaHandler, 'execute'>;
  readonly remover: Pick<RemoverContaHandler, 'execute'>;
  /** Messages may have become due. */
  readonly wake: () => void;
}

/** What auth says of accounts. The version of the account decides what is newer, so this needs no inbox. */
export function contatosConsumer({ registrar, remover, wake }: Deps): ConsumeOptions {
  const save = async (
    { usuarioId, nome, email }: { usuarioId: string; nome: string; email: string },
    meta: EventMeta,
    { verificado, codigo = '' }: { verificado: boolean; codigo?: string },
  ) => {
    const contato = { usuarioId, nome, email, verificado, versao: meta.agregado.versao };
    await registrar.execute({ contato, codigo, em: meta.ocorridoEm });
    wake();
  };
  return {
    stream: 'AUTH',
    durable: 'notificacoes-contatos',
    filter: 'auth.v1.>',
    on: [
      on(UsuarioRegistradoSchema, (evento, meta) => {
        const { emailVerificado: verificado, codigoVerificacao: codigo } = evento;
        return save(evento, meta, { verificado, codigo });
      }),
      on(UsuarioAtualizadoSchema, (evento, meta) =>
        save(evento, meta, { verificado: evento.emailVerificado, codigo: evento.codigoVerificacao }),
      ),
      on(UsuarioRemovidoSchema, async ({ usuarioId }, meta) => {
        await remover.execute({ usuarioId, em: meta.ocorridoEm });
        wake();
      }),
    ],
  };
}
