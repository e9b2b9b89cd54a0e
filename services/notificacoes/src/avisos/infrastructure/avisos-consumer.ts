import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt';
import {
  AvisoDeSegurancaSchema,
  RedefinicaoSenhaPedidaSchema,
  TipoAvisoSeguranca,
  TrocaDeEmailPedidaSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, type OpensPersonal, on, PermanentError } from '@plataforma/runtime/event-message';
import type { PersonalKeys } from '@plataforma/runtime/personal-keys';
import { TIPOS_DE_AVISO, type TipoDeAviso } from '../../modelos/domain/aviso.ts';
import type { EscreverAvisoCommand, EscreverAvisoHandler } from '../application/escrever-aviso.ts';

interface Deps {
  readonly escrever: Pick<EscreverAvisoHandler, 'execute'>;
  readonly keys: PersonalKeys;
  /** Messages may have become due. */
  readonly wake: () => void;
}

/** What concerns the security of accounts. The message is unique by its event, so this needs no inbox. */
export function avisosConsumer({ escrever, keys, wake }: Deps): ConsumeOptions {
  // Somebody who was erased is told nothing any more.
  const personal: OpensPersonal = { keys, erased: 'PASSED_OVER' };
  const write = async (
    usuarioId: string,
    { id: mensagemId }: EventMeta,
    em: Date,
    conteudo: EscreverAvisoCommand['conteudo'],
  ) => {
    await escrever.execute({ usuarioId, mensagemId, conteudo, em });
    wake();
  };
  return {
    stream: 'AUTH',
    durable: 'notificacoes-avisos',
    filter: 'auth.v1.>',
    on: [
      on(
        AvisoDeSegurancaSchema,
        (evento, meta) => {
          const { usuarioId, enderecoIp, dispositivo, email, voltaAte } = evento;
          const em = instantOf(evento);
          const onde = { enderecoIp, dispositivo, ...(email !== '' && { email }) };
          const volta = voltaAte && { voltaAte: timestampDate(voltaAte).toISOString() };
          const dados = { tipo: tipoFrom(evento.tipo), em: em.toISOString(), ...onde, ...volta };
          return write(usuarioId, meta, em, { modelo: 'AVISO_DE_SEGURANCA', dados });
        },
        personal,
      ),
      on(
        RedefinicaoSenhaPedidaSchema,
        (evento, meta) => {
          const { usuarioId, email, codigo, devolveEndereco } = evento;
          const dados = { email, codigo, ...(devolveEndereco && { devolveEndereco }) };
          const conteudo = { modelo: 'REDEFINICAO_SENHA', dados } as const;
          return write(usuarioId, meta, instantOf(evento), conteudo);
        },
        personal,
      ),
      on(
        TrocaDeEmailPedidaSchema,
        (evento, meta) => {
          const { usuarioId, email, codigo } = evento;
          const conteudo = { modelo: 'TROCA_DE_EMAIL', dados: { email, codigo } } as const;
          return write(usuarioId, meta, instantOf(evento), conteudo);
        },
        personal,
      ),
    ],
  };
}

function instantOf({
  $typeName,
  ocorridoEm,
}: {
  $typeName: string;
  ocorridoEm?: Timestamp | undefined;
}): Date {
  if (ocorridoEm === undefined) throw new PermanentError(`${$typeName} does not say when`);
  return timestampDate(ocorridoEm);
}

/** A notice that this release has no words for waits among the dead letters for one that has. */
function tipoFrom(membro: TipoAvisoSeguranca): TipoDeAviso {
  const tipo = TIPOS_DE_AVISO.find((nome) => TipoAvisoSeguranca[nome] === membro);
  if (tipo === undefined) throw new PermanentError(`no words for a notice of type ${membro}`);
  return tipo;
}
